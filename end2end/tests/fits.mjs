// Whether a page fits a width: nothing sticks out, targets are large enough for a finger, no words lie on each other.

/** What does not fit at this width, in words. */
export async function fits(page, width) {
  await page.setViewportSize({ width, height: 800 });
  const found = [];
  for (const look of [whatSticksOut, smallTargets, wordsOnWords]) found.push(...(await page.evaluate(look)));
  return found;
}

/** In the page: what makes it scroll sideways. */
function whatSticksOut() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5);
  return [`${root.scrollWidth} px`, ...wide.map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`)];
}

/** In the page: targets below 24 px, and main ones below 44 px. Links within a sentence are no targets of their own. */
function smallTargets() {
  const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().height > 1;
  const below = (selector, least) =>
    [...document.querySelectorAll(selector)]
      .filter(visible)
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < least - 0.01)
      .map(([element, box]) => `${element.tagName}.${element.className} “${element.textContent.trim().slice(0, 20)}” ${box.width} × ${box.height} < ${least}`);
  return [
    ...below('nav a, button, summary, .back a, input:not([type="hidden"])', 24),
    ...below('.button, .menu-entry, a.talk, .field input, .field select', 44),
  ];
}

/** In the page: texts of one row that stand on each other. What a box cuts off does not count. */
function wordsOnWords() {
  const found = [];
  for (const row of document.querySelectorAll('.slot, .talk, .rows tr, .facts > div, .upcoming li, .figure, .card-head, .page-head, .thread-head, .menu-entry, .whose')) {
    const texts = [];
    const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      if (!walk.currentNode.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(walk.currentNode);
      let { left, top, right, bottom } = range.getBoundingClientRect();
      for (let box = walk.currentNode.parentElement; box !== row.parentElement; box = box.parentElement) {
        if (getComputedStyle(box).overflow === 'visible') continue;
        const edge = box.getBoundingClientRect();
        [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
        [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
      }
      // Two lines may touch: letters do not fill their line.
      if (right - left > 1 && bottom - top > 1) texts.push({ left, top: top + 2, right, bottom: bottom - 2, words: walk.currentNode.data.trim().slice(0, 25) });
    }
    texts.forEach((a, index) => {
      for (const b of texts.slice(index + 1)) {
        const apart = a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top || b.bottom <= a.top;
        if (!apart) found.push(`“${a.words}” and “${b.words}”`);
      }
    });
  }
  return found;
}
