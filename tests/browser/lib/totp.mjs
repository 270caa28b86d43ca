// The second factor, as a phone makes its codes.

import { createHmac } from 'node:crypto';

/** The code of an authenticator app (RFC 6238), `steps` from now. */
export function code(key, steps = 0) {
  const bits = [...key.replace(/\s/g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const hash = createHmac('sha1', secret).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/** Types the code of the key on the page; answers the key once the recovery codes are there. */
export async function prove(page) {
  const key = await page.locator('.factor-key').innerText();
  await page.fill('[name=code]', code(key));
  await page.click('form[action="/account/two-factor/codes"] [type=submit]');
  await page.locator('.recovery-codes').waitFor();
  return key;
}

/** Sets a factor up on its page, up to the recovery codes: the password is asked for again; answers the key. */
export async function enrol(page, password) {
  await page.fill('form[action="/account/two-factor"] [name=current]', password);
  await page.click('form[action="/account/two-factor"] [type=submit]');
  return prove(page);
}
