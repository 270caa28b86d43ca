// A mail server on loopback that keeps what it is given.

import { createServer } from 'node:net';
import { until } from './wait.mjs';

/** Starts it; `url` goes into SMTP_URL. */
export async function mailServer() {
  const kept = [];
  const server = createServer(socket => {
    let rest = '', data = null, to = '';
    const say = line => socket.write(`${line}\r\n`);
    socket.on('error', () => {});
    socket.on('data', bytes => {
      rest += bytes;
      for (let end; (end = rest.indexOf('\r\n')) >= 0;) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data !== null) {
          if (line !== '.') { data += `${line}\n`; continue; }
          kept.push({ to, text: data.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))) });
          data = null;
          say('250 taken');
        } else if (/^EHLO/i.test(line)) say('250-test.example\r\n250 8BITMIME');
        else if (/^RCPT/i.test(line)) { to = line.match(/<(.*)>/)[1]; say('250 ok'); }
        else if (/^DATA/i.test(line)) { data = ''; say('354 go on'); }
        else if (/^QUIT/i.test(line)) { say('221 bye'); socket.end(); }
        else say('250 ok');
      }
    });
    say('220 test.example ESMTP');
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `smtp://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
    /** The path of the link in the newest mail to somebody. */
    link: (to, pattern) => until(`a mail to ${to}`, () => kept.filter(mail => mail.to === to).at(-1)?.text.match(pattern)?.[0], 10000),
  };
}
