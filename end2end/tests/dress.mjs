// Styles over a page's own. They are sheets of the page's script world and not text in its document, so its content
// policy has nothing to say about them.

/** Puts a style sheet over the page's own, every word of it binding. */
export async function dress(page, css) {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, css.replaceAll(';', ' !important;'));
}

/** Takes the last one off again. */
export async function undress(page) {
  await page.evaluate(() => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1);
  });
}
