// Starts and stops the binary under test; makes fresh databases.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './wait.mjs';

const binary = resolve(process.env.CREA_BIN ?? 'target/debug/crea');
const running = new Set();
// Instances on one database share their files, as in production.
const files = mkdtempSync(join(tmpdir(), 'crea-browser-files-'));
process.on('exit', () => rmSync(files, { recursive: true, force: true }));

/** What one started server printed and how to reach it. */
export class Server {
  constructor(child, folder) {
    this.child = child;
    this.folder = folder;
    this.output = '';
    this.log = '';
  }
  get url() { return this.output.match(/listening on (http:\/\/\S+)/)?.[1]?.replace(/\/$/, ''); }
  get port() { return Number(new URL(this.url).port); }
  /** The people that the demo printed, by role: `  role  email  password`. */
  get people() {
    const rows = [...this.output.matchAll(/^\s+(\S+)\s+(\S+@\S+)\s+(\S+)\s*$/gm)];
    return Object.fromEntries(rows.map(([, role, email, password]) => [role, { role, email, password }]));
  }
  /** Ends the process at once, as a crash would. */
  async kill() { await end(this, 'SIGKILL'); }
  /** Ends the process in order and removes its folder. */
  async stop() {
    await end(this, 'SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function end(server, signal) {
  running.delete(server);
  if (server.child.exitCode !== null || server.child.signalCode !== null) return;
  const gone = new Promise(done => server.child.once('exit', done));
  server.child.kill(signal);
  const late = setTimeout(() => server.child.kill('SIGKILL'), 10000);
  await gone;
  clearTimeout(late);
}

/** Starts `crea <command>` on a free port in a folder of its own. */
export async function start(command, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'crea-browser-'));
  const { PATH, HOME } = process.env;
  const child = spawn(binary, [command], { cwd: folder, env: { PATH, HOME, BIND: '127.0.0.1:0', STORAGE_URL: `file://${files}`, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = new Server(child, folder);
  running.add(server);
  child.stdout.on('data', text => { server.output += text; });
  child.stderr.on('data', text => { server.log = (server.log + text).slice(-20000); });
  child.on('error', error => { server.log += error.message; });
  await until(`crea ${command} listens`, () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${server.log.slice(-2000)}`);
    return server.url;
  }, 90000).catch(error => { throw new Error(`${error.message}\n${server.log.slice(-2000)}`); });
  if (command === 'demo') await until('the demo prints its people', () => Object.keys(server.people).length >= 2, 10000);
  return server;
}

/** A new database on the PostgreSQL of the tests. */
export function freshDatabase() {
  const base = process.env.TEST_POSTGRES_URL;
  const name = `crea_browser_${randomBytes(6).toString('hex')}`;
  const sql = text => execFileSync('psql', [base, '-q', '-c', text], { stdio: ['ignore', 'ignore', 'inherit'] });
  sql(`create database ${name}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => sql(`drop database if exists ${name} with (force)`) };
}

/** Ends what is still running; for the way out. */
export async function stopAll() {
  for (const server of [...running]) await server.stop();
}
