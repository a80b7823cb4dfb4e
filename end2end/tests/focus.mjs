// The keyboard's focus: whether one sees what has it, sees that it has it, and gets on from there. Nothing here needs
// script in the page.
import { expect } from '@playwright/test';

/**
 * In the page. `gather` takes down everything that Tab must reach, in the order of the document; `stops` gives their names,
 * and whether some were drawn anew since; `look` tells what has the focus and what is wrong with that, or null when
 * nothing of the page has it.
 */
function inPage(ask) {
  const name = (element) => {
    const words = (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\s+/g, ' ').slice(0, 30);
    return `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} “${words}”`;
  };
  const mark = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    return [outlineStyle, outlineWidth, outlineColor, boxShadow].join(' ');
  };

  if (ask === 'gather') {
    // Of choices of which one is taken, only that one is reached by Tab.
    const radios = [...document.querySelectorAll('input[type="radio"]')];
    const chosen = (radio) => {
      const group = radios.filter(({ name, form }) => name === radio.name && form === radio.form);
      return radio === (group.find(({ checked }) => checked) ?? group[0]);
    };
    window.focusStops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
      (element) =>
        (element.tabIndex >= 0 || element.matches('details > summary:first-of-type')) &&
        !element.matches(':disabled, [type="hidden"]') &&
        element.checkVisibility({ visibilityProperty: true }) &&
        (element.type !== 'radio' || chosen(element)),
    );
    return null;
  }
  if (ask === 'stops') {
    const stops = window.focusStops;
    return { stops: stops.map(name), redrawn: stops.some((element) => !element.isConnected) };
  }

  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const before = window.focusedBefore;
  const again = before?.element === element;
  // The last stop within a date is its button for the calendar, which the browser marks in place of the field.
  window.focusedBefore = { element, name: name(element), mark: again ? before.mark : mark(element) };
  const wrong = [];

  // A date has a stop for each of its parts.
  if (again && !/^(date|time|month|week|datetime-local)$/.test(element.type)) wrong.push('the focus stays there');
  if (before && !again && before.element.isConnected && mark(before.element) === before.mark) {
    wrong.push(`${before.name} before it looks the same with the focus and without`);
  }
  if (element.closest('[aria-hidden="true"]')) wrong.push('hidden from screen readers');

  const { outlineStyle, outlineWidth, outlineOffset, outlineColor, boxShadow } = getComputedStyle(element);
  const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && !/^rgba\(.*, 0\)$|\/ 0\)$/.test(outlineColor);
  if (!again && !outlined && boxShadow === 'none') wrong.push('nothing marks it');

  // What lies over it is met where it should be. Boxes of a link that breaks into lines count each.
  const parts = [0.1, 0.5, 0.9];
  const boxes = [...element.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
  const within = ({ left, top, width, height }) => parts.flatMap((x) => parts.map((y) => [left + width * x, top + height * y]));
  const points = boxes.flatMap(within);
  const seen = points.filter(([x, y]) => element.contains(document.elementFromPoint(x, y)));
  if (seen.length * 3 <= points.length) wrong.push(`${seen.length} of ${points.length} points of it are in view`);

  // Boxes around it may cut its outline off, but not on all sides.
  if (outlined && !again) {
    const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset);
    const box = element.getBoundingClientRect();
    const whole = new Set(['left', 'top', 'right', 'bottom']);
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflow === 'visible' || around === document.body || around === document.documentElement) continue;
      const edge = around.getBoundingClientRect();
      for (const side of ['left', 'top']) if (box[side] - reach < edge[side] - 0.5) whole.delete(side);
      for (const side of ['right', 'bottom']) if (box[side] + reach > edge[side] + 0.5) whole.delete(side);
    }
    if (whole.size === 0) wrong.push('its outline is cut off on all sides');
  }

  return {
    name: name(element),
    inside: !!element.closest('main'),
    at: (window.focusStops ?? []).indexOf(element),
    scrolls: element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth,
    again,
    wrong,
  };
}

/** Presses a key, and gives what has the focus then, with which nothing may be wrong; null beyond the page's end. */
export async function press(page, key) {
  await page.keyboard.press(key);
  const at = await page.evaluate(inPage, 'look');
  expect(at?.wrong ?? [], at?.name).toEqual([]);
  return at;
}

/** Goes on, or `back`, until the target has the focus: within so many steps, each of which is looked at. */
export async function tabTo(page, target, { most = 60, back = false } = {}) {
  const trail = [];
  while (trail.length < most) {
    const at = await press(page, back ? 'Shift+Tab' : 'Tab');
    if (at && (await target.and(page.locator(':focus')).count())) return;
    trail.push(at?.name ?? 'the end');
  }
  throw new Error(`${most} steps do not lead to ${target}: ${trail.join(', ')}`);
}

/**
 * Goes through the page from its head to its end, at most so many steps: `met` is what had the focus in turn, `due` what
 * should have had it, `faults` what was wrong on the way. `redrawn` says that the page was drawn anew meanwhile, so that none
 * of this counts.
 */
export async function walk(page, most = 150) {
  await page.evaluate(inPage, 'gather');
  const trail = [];
  let ended = false;
  while (!ended && trail.length < most) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(inPage, 'look');
    if (at) trail.push(at);
    else ended = true;
  }
  const { stops, redrawn } = await page.evaluate(inPage, 'stops');
  const numbered = (at) => `${at}: ${stops[at]}`;
  // Browsers also stop at a box that scrolls and holds nothing else to stop at.
  const own = trail.filter(({ again, at, scrolls }) => !again && (at >= 0 || !scrolls));
  const met = own.map(({ at, name }) => (at < 0 ? name : numbered(at)));
  const all = stops.map((_, at) => numbered(at));
  const faults = trail.flatMap(({ name, wrong }) => wrong.map((what) => `${name}: ${what}`));
  return { faults, met, due: ended ? all : all.slice(0, met.length), redrawn };
}
