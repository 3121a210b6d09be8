// A page of the console as a test sees it: signed in, in one language, watched for faults of scripts, of the content
// security policy and of accessibility.
import assert from "node:assert/strict";
import { axe_source, module_of } from "./tools.mjs";

const { texts } = await module_of("src/text/texts.ts");

/** The console's text of `key`. */
export const text = (language, key, values = {}) =>
  texts[key][language === "ms" ? 0 : 1].replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole);

export class Console {
  constructor(browser, url, language) {
    Object.assign(this, { browser, url, language, faults: [], expected: /$^/ });
  }

  t(key, values) { return text(this.language, key, values); }

  async open({ width = 1280, height = 900 } = {}) {
    this.context = await this.browser.newContext({ viewport: { width, height }, locale: "en-MY", reducedMotion: "reduce" });
    await this.context.addInitScript((language) => localStorage.setItem("semak.language", language), this.language);
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(15000);
    this.page.on("pageerror", (error) => this.faults.push(error.message));
    this.page.on("console", (message) => {
      if (message.type() === "error" && !/status of (4\d\d|503)/.test(message.text())) this.faults.push(message.text());
    });
    this.page.on("requestfailed", (request) => { if (!request.url().startsWith(this.url)) this.faults.push(`asked ${request.url()}`); });
    await this.page.goto(this.url);
    return this;
  }

  async sign_in(key) {
    await this.page.fill("#key", key);
    await this.button("sign_in.go").click();
    await this.page.locator("#jobs").waitFor({ state: "attached" });
    await this.page.locator("main h1").waitFor();
    return this;
  }

  async go(path) {
    await this.page.goto(`${this.url}/#${path}`);
    await this.page.locator("main h1").waitFor();
    await this.settled();
  }

  /** Nothing is being loaded any more. */
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector(".skeleton, .button-busy, .loading-anew"), undefined, { timeout: 20000 });
  }

  button(key, values) { return this.page.getByRole("button", { name: this.t(key, values), exact: true }); }
  link(key, values) { return this.page.locator("main").getByRole("link", { name: this.t(key, values), exact: true }).first(); }
  async says(key, values) {
    try {
      await this.page.locator("main, dialog, .toasts").getByText(this.t(key, values), { exact: false }).first().waitFor();
    } catch (error) {
      throw new Error(`not said: "${this.t(key, values)}"; there is: ${(await this.page.locator("body").innerText()).replace(/\s+/g, " ")}`, { cause: error });
    }
  }
  field(id) { return this.page.locator(`[id="${id}"]`); }

  /** The page at hand has no violation of WCAG 2.2 AA that axe finds, fits its width, has its heading and no fault. */
  async is_sound(what) {
    await this.settled();
    await this.page.evaluate(axe_source);
    const found = await this.page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    const violations = found.violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160) + (node.any[0] ? ` (${node.any[0].message})` : "")).join("\n    ")}`);
    assert.deepEqual(violations, [], `${what} (${this.language})`);
    const state = await this.page.evaluate(() => ({ over: document.documentElement.scrollWidth - innerWidth, headings: document.querySelectorAll("h1").length, language: document.documentElement.lang, title: document.title }));
    assert.ok(state.over <= 0, `${what}: ${state.over} px wider than the window`);
    assert.equal(state.headings, 1, what);
    assert.equal(state.language, this.language);
    assert.match(state.title, / · Semak$/);
    assert.deepEqual(this.faults, [], what);
  }

  /** Presses Tab until the focus is on what `selector` matches. */
  async tab_to(selector, presses = 90) {
    for (let pressed = 0; pressed < presses; pressed++) {
      if (await this.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
        const seen = await this.page.evaluate(() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });
        assert.ok(seen, `${selector} shows no focus`);
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${selector}`);
  }

  async close() {
    assert.deepEqual(this.faults, []);
    await this.context.close();
  }
}
