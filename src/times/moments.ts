/** Moments of a film as people write them: `0:12:07.2`, and `@1:12.5` where a frame is asked for. */

/** Some thirty years: no film has a later moment, nor do its screenshots lie farther apart. */
export const mostSeconds = 1e9;

/** Seconds as hours, minutes, seconds and tenths: `0:12:07.2`. */
export function formatMoment(seconds: number): string {
  const tenths = Math.round(Math.abs(seconds) * 10);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(tenths / 36000);
  const minutes = Math.floor(tenths / 600) % 60;
  const rest = `${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
  return `${seconds < 0 && tenths > 0 ? '-' : ''}${hours}:${two(minutes)}:${rest}`;
}

/**
 * The seconds of `72.5`, `1:12.5` or `0:01:12.5`; undefined for anything else. Minutes and seconds go up to 59 where a
 * larger unit stands before them.
 */
export function parseMoment(text: string): number | undefined {
  const parts = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/.exec(text);
  if (!parts) return undefined;
  const [, hours, minutes, seconds] = parts;
  if (minutes !== undefined && Number(seconds) >= 60) return undefined;
  if (hours !== undefined && Number(minutes) >= 60) return undefined;
  const moment = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
  return moment <= mostSeconds ? moment : undefined;
}

/** The seconds of a frame named by its moment, `@1:12.5`; undefined for any other name. */
export function parseMomentName(frame: string): number | undefined {
  return frame.startsWith('@') ? parseMoment(frame.slice(1)) : undefined;
}
