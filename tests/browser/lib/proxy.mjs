// A TCP proxy that can be cut, restored, and that takes the next server when one is gone.

import { connect, createServer } from 'node:net';

/** Listens on a free port and passes everything to the first port that answers. */
export async function proxy(...ports) {
  const open = new Set();
  let cut = false;
  const server = createServer(client => {
    if (cut) { client.destroy(); return; }
    client.on('error', () => client.destroy());
    reach(client, 0);
  });
  function reach(client, which) {
    const upstream = connect(ports[which], '127.0.0.1');
    const pair = [client, upstream];
    const close = () => { for (const end of pair) end.destroy(); open.delete(pair); };
    let through = false;
    upstream.once('connect', () => {
      through = true;
      open.add(pair);
      client.pipe(upstream).pipe(client);
      client.once('close', close);
    });
    upstream.on('error', () => {
      if (!through && which + 1 < ports.length && !cut) reach(client, which + 1); else close();
    });
    upstream.once('close', () => { if (through) close(); });
  }
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const drop = () => { for (const pair of [...open]) for (const end of pair) end.destroy(); open.clear(); };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() { cut = true; drop(); },
    restore() { cut = false; },
    close() { drop(); return new Promise(done => server.close(done)); },
  };
}
