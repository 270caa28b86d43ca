// Alarms: they ring where nobody looks, once, and what is answered in one tab is answered in all.

import { execFileSync } from 'node:child_process';
import { findings } from '../lib/axe.mjs';
import { live } from '../lib/browser.mjs';
import * as chat from '../lib/chat.mjs';
import { equalsReload } from '../lib/equal.mjs';
import { freshDatabase, start } from '../lib/server.mjs';
import { equal, holds, until } from '../lib/wait.mjs';
import { watch } from '../lib/watch.mjs';

export default [
  ['an alarm rings in background tabs, once, and is put off and acknowledged in another tab', async t => {
    const database = freshDatabase();
    t.after(() => database.drop());
    const server = await start('demo', { DATABASE_URL: database.url, SECRET_KEY: 'a'.repeat(64) });
    t.after(() => server.stop());
    const { asesor } = server.people;
    /** Makes the person's next alarm due in a second; what the demo plans is minutes away. */
    const due = () => execFileSync('psql', [database.url, '-qc', `
      with next as (
        select r.alarm_id, r.user_id from alarm_recipient r join app_user u on u.id = r.user_id and u.email = '${asesor.email}'
        where r.rung_at is null and r.acknowledged_at is null order by r.due_at limit 1),
      moved as (update alarm set due_at = now() from next where id = next.alarm_id)
      update alarm_recipient r set due_at = now() + interval '1 second' from next
      where r.alarm_id = next.alarm_id and r.user_id = next.user_id`]);
    const agent = await t.signIn('asesor', { base: server.url, people: server.people, permissions: ['notifications'] });
    const boss = await t.signIn('supervisor', { base: server.url, people: server.people });
    await agent.context().addInitScript(watch);
    await chat.go(agent, '/account/security');
    await agent.locator('[data-notices] [name=system]').check();
    await agent.locator('[data-notices] [name=sound]').check();
    await chat.go(agent, '/chat');
    const other = await agent.context().newPage();
    await other.goto(new URL('/alarms', agent.url()).href);
    const tabs = [agent, other];
    for (const tab of tabs) await live(tab);
    const all = async name => (await Promise.all(tabs.map(tab => tab.evaluate(name => window[name], name)))).flat();
    const cards = tab => tab.locator('#ringing [data-alarm]').count();
    const everywhere = (what, count) => until(what, async () => (await Promise.all(tabs.map(cards))).every(n => n === count), 8000);
    for (const tab of tabs) await tab.evaluate(() => { window.told.length = 0; window.rung.length = 0; window.hide(true); });

    due();
    await everywhere('it rings in both', 1);
    await until('the system tells it', async () => (await all('told')).length);
    await agent.waitForTimeout(1500);          // whatever a second tab would add
    equal('once', (await all('told')).length, 1);
    equal('with one sound', (await all('rung')).length, 6);
    holds('what it is', (await all('told'))[0].includes('Jairo Quintero'));
    holds(`the title says so: ${await agent.title()}`, (await agent.title()).startsWith('⏰ 1 '));
    equal('nobody else has it', await cards(boss), 0);
    const look = hidden => Promise.all(tabs.map(tab => tab.evaluate(hidden => window.hide(hidden), hidden)));
    await look(false);                         // a list is fetched again when somebody looks
    for (const tab of tabs) await equalsReload(tab);

    await other.locator('#ringing [name=minutes][value="5"]').click();
    await everywhere('it is put off in both', 0);
    await look(true);
    due();
    await everywhere('and rings again', 1);
    await until('which is told again', async () => (await all('told')).length > 1);
    await agent.waitForTimeout(1500);
    equal('and once', (await all('told')).length, 2);
    await look(false);
    for (const scheme of ['light', 'dark']) {
      await agent.emulateMedia({ colorScheme: scheme });
      // Colours take a moment to change.
      await until(`axe finds nothing in ${scheme}`, async () => {
        const found = (await findings(agent)).join('\n');
        if (found) throw new Error(found);
        return true;
      });
    }
    await agent.setViewportSize({ width: 390, height: 844 });
    const box = await agent.locator('#ringing').boundingBox();
    holds('it fits a telephone', box.x >= 0 && box.x + box.width <= 390);
    await other.locator('#ringing .btn-primary').click();
    await everywhere('known in both', 0);
    holds('the title is plain again', !(await agent.title()).includes('⏰'));
    await chat.go(other, '/alarms?tab=done');
    await other.locator('.alarm-row', { hasText: 'Jairo Quintero' }).waitFor();
    for (const tab of tabs) await equalsReload(tab);
  }, { needs: ['TEST_POSTGRES_URL'] }],

  ['without scripts an alarm is acknowledged by its form', async t => {
    const database = freshDatabase();
    t.after(() => database.drop());
    const server = await start('demo', { DATABASE_URL: database.url, SECRET_KEY: 'a'.repeat(64) });
    t.after(() => server.stop());
    const agent = await t.signIn('asesor', { base: server.url, people: server.people, javaScriptEnabled: false });
    execFileSync('psql', [database.url, '-qc', 'update alarm_recipient set rung_at = now() where rung_at is null and not is_escalation']);
    await chat.go(agent, '/account');
    const before = await agent.locator('#ringing [data-alarm]').count();
    await agent.locator('#ringing .btn-primary').first().click();
    await agent.waitForURL(/\/alarms$/);
    equal('one less', await agent.locator('#ringing [data-alarm]').count(), before - 1);
  }, { needs: ['TEST_POSTGRES_URL'] }],
];
