// The administration of users: from an invitation to the end of an account, and many at once from a file.

import { live } from '../lib/browser.mjs';
import { start } from '../lib/server.mjs';
import { enrol } from '../lib/totp.mjs';
import { equal, holds } from '../lib/wait.mjs';

const PASSWORD = 'cuatro palabras sin prisa';
const ROWS = 500;

/** A server with nobody else on it, and its administrator. */
async function office(t) {
  const server = await start('demo');
  t.after(() => server.stop());
  return [server, await t.signIn('administrador', { base: server.url, people: server.people })];
}

/** A list of people in which every 25th row is bad, each in its own way. */
function list() {
  const lines = ['Nombres;Apellidos;Correo;Documento;Rol;Campaña'];
  const bad = [
    n => `;Peña;fila${n}@crea.example;9${n};asesor;`,
    n => `Ana;Peña;sin arroba;9${n};asesor;`,
    n => `Ana;Peña;fila${n}@crea.example;9${n};jefe;`,
    n => `Ana;Peña;fila1@crea.example;9${n};asesor;`,
    n => `Ana;Peña;fila${n}@crea.example;9${n};asesor;no existe`,
  ];
  for (let n = 1; n <= ROWS; n++) lines.push(n % 25 ? `Ana;Peña;fila${n}@crea.example;9${n};asesor;carysol` : bad[n / 25 % 5](n));
  return lines.join('\n');
}

export default [
  ['invitation, first sign-in with a required second factor, disable while connected', async t => {
    const [server, boss] = await office(t);
    await boss.goto(`${server.url}/settings`);
    await boss.check('[name=totp_role][value=asesor]');
    await boss.click('main form [type=submit]');
    await boss.waitForURL(/saved=1/);

    await boss.goto(`${server.url}/people/new`);
    for (const [field, value] of [['first_name', 'Eva'], ['last_name', 'Nueva'], ['email', 'eva.nueva@crea.example']]) {
      await boss.fill(`[name=${field}]`, value);
    }
    await boss.selectOption('[name=role]', 'asesor');
    await boss.check('[name=campaign] >> nth=0');
    await boss.click('form.stack [type=submit]');
    const link = new URL(await boss.locator('#link-once').inputValue());

    const eva = await (await t.context()).newPage();
    await eva.goto(server.url + link.pathname);
    await eva.fill('[name=password]', PASSWORD);
    await eva.fill('[name=password_again]', PASSWORD);
    await eva.click('main [type=submit]');
    await eva.waitForURL(/\/account\/two-factor/);
    await enrol(eva, PASSWORD);
    await eva.click('.btn-primary');
    await eva.waitForURL(url => url.pathname === '/');
    await live(eva);

    await boss.goto(`${server.url}/people?q=nueva`);
    await boss.click('.data-table .row-link');
    const disable = boss.locator('details.ask', { has: boss.locator('[name=active]') });
    await disable.locator('summary').click();
    await disable.locator('.btn-danger').click();
    await eva.waitForURL(/\/sign-in/, { timeout: 5000 });
    await boss.locator('.tag', { hasText: 'Inactivo' }).first().waitFor();

    await eva.fill('[name=login]', 'eva.nueva@crea.example');
    await eva.fill('[name=password]', PASSWORD);
    await eva.click('main [type=submit]');
    await eva.locator('[data-tone=danger]').waitFor();
    holds('she is not let in', new URL(eva.url()).pathname === '/sign-in');
    const again = await eva.goto(server.url + link.pathname);
    equal('the invitation works once', again.status(), 404);
  }, { allow: [/status of (404|422)/] }],

  [`an import of ${ROWS} people with 20 bad rows loses no good one and explains each bad one`, async t => {
    const [server, boss] = await office(t);
    const invited = async () => {
      await boss.goto(`${server.url}/people?state=invited`);
      return parseInt(await boss.locator('.list [role=status]').innerText(), 10);
    };
    const before = await invited();
    await boss.goto(`${server.url}/people/import`);
    await boss.setInputFiles('[name=file]', { name: 'gente.csv', mimeType: 'text/csv', buffer: Buffer.from(list()) });
    await boss.click('form.stack [type=submit]');
    await boss.waitForURL(/\/people\/import\/[0-9a-f-]+$/);
    const summary = boss.locator('[role=status].lead');
    holds('480 of 500 are good', /500 filas: 480 .* 20 /.test(await summary.innerText()));
    const rows = await boss.locator('.import-bad tbody tr').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText.trim())));
    equal('each bad row is explained', rows.length, 20);
    holds('with its number, field and reason', rows.every(([number, , field, reason]) => /\d/.test(number) && field && reason));
    equal('each kind by its own words', new Set(rows.map(row => row[3])).size, 5);
    const report = await boss.request.get(await boss.locator('.import-bad a').evaluate(a => a.href));
    holds('all of it can be taken away', report.ok() && (await report.body()).length > 1000);

    await boss.click('form[action^="/people/import/"] .btn-primary');
    await boss.getByText('Se crearon 480 usuarios de 500 filas').waitFor({ timeout: 60000 });
    equal('no good one is lost', await invited() - before, 480);
  }],
];
