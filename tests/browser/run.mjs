// Runs the journeys in headless Chromium against the built binary.
//
//     npm install && node run.mjs [part of a name]
//
// CREA_BIN           the binary; target/debug/crea when not set
// CHROMIUM           the browser; the usual places when not set
// TEST_POSTGRES_URL  a PostgreSQL where databases may be made and dropped
// TEST_REDIS_URL     a Redis
// CREA_RECORDINGS    a folder that `cargo test --test live after_anything` wrote its recordings to
//
// Without one of the last three, the journeys that need it are skipped; in CI they fail.

import account from './journeys/account.mjs';
import alarms from './journeys/alarms.mjs';
import broadcasts from './journeys/broadcasts.mjs';
import chat from './journeys/chat.mjs';
import files from './journeys/files.mjs';
import groups from './journeys/groups.mjs';
import keyboard from './journeys/keyboard.mjs';
import messages from './journeys/messages.mjs';
import network from './journeys/network.mjs';
import notices from './journeys/notices.mjs';
import oracle from './journeys/oracle.mjs';
import people from './journeys/people.mjs';
import pushes from './journeys/pushes.mjs';
import rungs from './journeys/rungs.mjs';
import search from './journeys/search.mjs';
import ticketActs from './journeys/ticket-acts.mjs';
import ticketBoard from './journeys/ticket-board.mjs';
import ticketTalk from './journeys/ticket-talk.mjs';
import ticketList from './journeys/ticket-list.mjs';
import tickets from './journeys/tickets.mjs';
import { Desk, launch } from './lib/browser.mjs';
import { start, stopAll } from './lib/server.mjs';

const LIMIT_MS = 90000;
const wanted = process.argv.slice(2).join(' ').toLowerCase();
const all = [
  ...account,
  ...alarms,
  ...broadcasts,
  ...chat,
  ...files,
  ...groups,
  ...keyboard,
  ...messages,
  ...network,
  ...notices,
  ...oracle,
  ...people,
  ...pushes,
  ...rungs,
  ...search,
  ...ticketActs,
  ...ticketBoard,
  ...ticketTalk,
  ...ticketList,
  ...tickets,
];
const journeys = all.filter(([name]) => name.toLowerCase().includes(wanted));
let passed = 0, failed = 0, skipped = 0;

class Skipped extends Error {}

async function run(browser, server, [name, journey, { allow = [], needs = [] } = {}]) {
  const missing = needs.filter(setting => !process.env[setting]);
  if (missing.length && !process.env.CI) { skipped++; console.log(`skipped ${name}: ${missing.join(', ')} not set`); return; }
  const desk = new Desk(browser, allow), undo = [], began = Date.now();
  const t = {
    server,
    context: options => desk.context(options),
    signIn: (role, { base = server.url, people = server.people, ...options } = {}) => {
      if (!people[role]) throw new Error(`the demo printed nobody with the role ${role}`);
      return desk.signIn(base, people[role], options);
    },
    soon: ms => ms,                            // how long news may take; longer where it is asked for
    after: step => undo.unshift(step),
    skip: why => { throw new Skipped(why); },
  };
  let late;
  const limit = new Promise((_, reject) => { late = setTimeout(reject, LIMIT_MS, new Error(`not done in ${LIMIT_MS} ms`)); });
  try {
    if (missing.length) throw new Error(`${missing.join(', ')} not set`);
    await Promise.race([journey(t), limit]);
    if (desk.complaints.length) throw new Error(`the console complains:\n      ${desk.complaints.slice(0, 8).join('\n      ')}`);
    passed++;
    console.log(`ok      ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    if (error instanceof Skipped && !process.env.CI) { skipped++; console.log(`skipped ${name}: ${error.message}`); return; }
    failed++;
    console.log(`FAILED  ${name}\n    ${error.stack?.split('\n').filter(line => !line.includes('node_modules')).slice(0, 14).join('\n    ')}`);
    for (const line of desk.complaints.slice(0, 6)) console.log(`    also: ${line}`);
  } finally {
    clearTimeout(late);
    await desk.close().catch(() => {});
    for (const step of undo) await Promise.resolve().then(step).catch(error => console.log(`    after ${name}: ${error.message}`));
  }
}

const browser = await launch();
try {
  const server = await start('demo');
  for (const journey of journeys) await run(browser, server, journey);
  if (failed && process.env.SHOW_LOG) console.log(server.log);
} finally {
  await browser.close();
  await stopAll();
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed ? 1 : 0);
