// What a page tells its person outside of itself.

/** Notices of the system and tones are written down instead of made; a tab can be put out of sight. */
export const watch = () => {
  window.told = [];
  window.rung = [];
  window.Notification = class { constructor(title, { body }) { window.told.push(`${title}: ${body}`); window.notice = this; } close() {} static permission = 'granted'; static requestPermission = async () => 'granted'; };
  window.AudioContext = class {
    currentTime = 0;
    destination = {};
    resume() {}
    createOscillator() {
      const wave = { frequency: { value: 0 }, connect: to => to, start: () => window.rung.push(wave.frequency.value), stop() {} };
      return wave;
    }
    createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: to => to }; }
  };
  window.hide = hidden => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    document.hasFocus = () => !hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  };
};
