/** Frame rates of videos as fractions, and the timecodes that count in them (SMPTE ST 12-1). */

/** Frames a second: 24/1, 30000/1001. */
export interface Rate {
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * `24/1`, `24000/1001`, `25`, and what people and programs write for the NTSC rates: `23.976`, `29.97`, `2997/100`,
 * `59.94`.
 */
export function parseRate(text: string): Rate | undefined {
  const fraction = /^(\d+)\/(\d+)$/.exec(text);
  if (!fraction && !/^\d+(\.\d+)?$/.test(text)) return undefined;
  const [, digits = ''] = text.split('.');
  const unit = 10 ** digits.length;
  const [numerator, denominator] = fraction
    ? [Number(fraction[1]), Number(fraction[2])]
    : [Math.round(Number(text) * unit), unit];
  const value = numerator / denominator;
  const ntsc = [24, 30, 48, 60, 120].find((whole) => Math.abs(value - (whole * 1000) / 1001) < 0.006);
  return ntsc !== undefined && !Number.isInteger(value)
    ? checked(ntsc * 1000, 1001)
    : checked(numerator, denominator);
}

function checked(numerator: number, denominator: number): Rate | undefined {
  const value = numerator / denominator;
  if (!(value >= 1 && value <= 1000) || !Number.isSafeInteger(numerator * denominator)) return undefined;
  const divisor = commonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** A rate as it is written: `24/1`. */
export function rateText({ numerator, denominator }: Rate): string {
  return `${numerator}/${denominator}`;
}

export function isSameRate(a: Rate, b: Rate): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

/** The time in seconds at which a frame of the video begins. */
export function secondsOfFrame(number: number, { numerator, denominator }: Rate): number {
  return (number * denominator) / numerator;
}

/** Whether a rate has drop-frame timecode, which is defined for 29.97 and 59.94 frames a second. */
export function isDropFrame({ numerator, denominator }: Rate): boolean {
  return denominator === 1001 && (numerator === 30000 || numerator === 60000);
}

/**
 * Whether timecode counts the rate: whole frames a second, or 1000/1001 of them, with frame numbers of two digits.
 */
export function hasTimecode({ numerator, denominator }: Rate): boolean {
  const perSecond = Math.round(numerator / denominator);
  const isCounted = denominator === 1 || (denominator === 1001 && numerator === perSecond * 1000);
  return isCounted && perSecond <= 100;
}

/** How timecode counts: frame numbers in a second, numbers that a minute leaves out, frames in ten minutes. */
function countingOf(rate: Rate) {
  const perSecond = Math.round(rate.numerator / rate.denominator);
  const dropped = isDropFrame(rate) ? perSecond / 15 : 0;
  return { perSecond, dropped, perTenMinutes: perSecond * 600 - dropped * 9 };
}

/** The frame of the timecode `01:00:00:00`. */
export function frameOfFirstHour(rate: Rate): number {
  return countingOf(rate).perTenMinutes * 6;
}

/**
 * The timecode of a video's frame, `HH:MM:SS:FF`; drop-frame has `;` before the frames, and leaves out the first two
 * numbers (of 60 four) of each minute but every tenth, so that it keeps to the clock. After 24 hours it starts again.
 */
export function timecodeOf(number: number, rate: Rate): string {
  const { perSecond, dropped, perTenMinutes } = countingOf(rate);
  const ofDay = number % (perTenMinutes * 144);
  const tens = Math.floor(ofDay / perTenMinutes);
  const within = ofDay % perTenMinutes;
  const minutes = Math.max(0, Math.floor((within - dropped) / (perSecond * 60 - dropped)));
  const label = ofDay + dropped * (9 * tens + minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(label / perSecond);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}${dropped > 0 ? ';' : ':'}${two(label % perSecond)}`;
}
