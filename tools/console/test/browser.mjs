// A page of the console as a test sees it: signed in, in one language, watched for faults of scripts, of the content
// security policy and of accessibility.
import assert from "node:assert/strict";
import { axe_source, module_of } from "./tools.mjs";

const { texts } = await module_of("src/text/texts.ts");

/** The console's text of `key`. */
export const text = (language, key, values = {}) =>
  texts[key][language === "ms" ? 0 : 1].replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole);

const WAIT = 180000; // a busy machine is slow; what is broken is still found, only later
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const DELAY = Number(process.env.SEMAK_CONSOLE_DELAY ?? 0);

/**
 * In the page, before its scripts: counts the requests whose answers are not yet read whole. `delay` holds each one back
 * by up to so many milliseconds on its way there and on its way back.
 */
function count_requests(delay) {
  const ask = window.fetch.bind(window);
  const on_the_way = () => new Promise((done) => delay ? setTimeout(done, Math.random() * delay) : done());
  window.semak_asked = 0;
  window.fetch = async (...what) => {
    window.semak_asked++;
    try {
      await on_the_way();
      const answer = await ask(...what);
      await answer.clone().arrayBuffer();
      await on_the_way();
      return answer;
    } finally {
      setTimeout(() => { window.semak_asked--; }); // when who asked has taken the answer in
    }
  };
}

export class Console {
  constructor(browser, url, language) {
    Object.assign(this, { browser, url, language, faults: [], expected: /$^/ }); // expected: faults that the test itself brings about
  }

  t(key, values) { return text(this.language, key, values); }

  /** `delay`: of the service's answers, each by a random time up to so many milliseconds. */
  async open({ width = 1280, height = 900, delay = DELAY } = {}) {
    this.context = await this.browser.newContext({ viewport: { width, height }, locale: "en-MY", reducedMotion: "reduce" });
    this.context.setDefaultTimeout(WAIT);
    await this.context.addInitScript((language) => localStorage.setItem("semak.language", language), this.language);
    await this.context.addInitScript(count_requests, delay);
    this.page = await this.context.newPage();
    this.page.on("pageerror", (error) => this.faults.push(error.message));
    this.page.on("console", (message) => {
      if (message.type() === "error" && !/status of (4\d\d|503)/.test(message.text()) && !this.expected.test(message.text())) this.faults.push(message.text());
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

  /**
   * Nothing is being loaded any more: no request is under way and nothing is shown as waiting, for several frames on
   * end. One look is not enough: what an action starts may begin only after the next frame is painted.
   */
  async settled() {
    const waits = await this.page.evaluate(async (wait) => {
      const until = performance.now() + wait;
      for (let quiet = 0; quiet < 5; quiet++) {
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const shown = document.querySelector(".skeleton, .button-busy, .loading-anew");
        if (window.semak_asked > 0 || shown) quiet = -1;
        if (performance.now() > until) return `${window.semak_asked} requests, ${shown?.outerHTML.slice(0, 200) ?? "nothing"} shown as waiting`;
      }
      return "";
    }, WAIT);
    assert.equal(waits, "", "not settled");
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

  /** The page as it stands, settled or not, has no violation of WCAG 2.2 AA that axe finds. */
  async is_accessible(what) {
    await this.page.evaluate(axe_source);
    // What changes while axe looks (a word at the edge that goes after its time) is looked at again.
    const found = await this.page.evaluate(async (rules) => {
      for (let turn = 1; ; turn++) {
        let changes = 0;
        const watch = new MutationObserver((seen) => { changes += seen.length; });
        watch.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
        const seen = await window.axe.run(document, { runOnly: rules });
        changes += watch.takeRecords().length;
        watch.disconnect();
        if (changes === 0 || turn === 20) return seen;
      }
    }, RULES);
    const violations = found.violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160) + (node.any[0] ? ` (${node.any[0].message})` : "")).join("\n    ")}`);
    assert.deepEqual(violations, [], `${what} (${this.language})`);
  }

  /** The page at hand, settled, is accessible, fits its width, has its heading and no fault. */
  async is_sound(what) {
    await this.settled();
    await this.is_accessible(what);
    const state = await this.page.evaluate(() => ({ over: document.documentElement.scrollWidth - innerWidth, headings: document.querySelectorAll("h1").length, language: document.documentElement.lang, title: document.title }));
    assert.ok(state.over <= 0, `${what}: ${state.over} px wider than the window`);
    assert.equal(state.headings, 1, what);
    assert.equal(state.language, this.language);
    assert.match(state.title, / · Semak$/);
    assert.deepEqual(this.faults, [], what);
  }

  /** Presses Tab until the focus is on what `selector` matches. */
  async tab_to(selector, presses = 90) {
    await this.settled();
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
