// What a page is while the service takes its time: readable, honest about waiting, and in the end what was asked last.
// Answers are held back until the test has looked, or come at random times.
import assert from "node:assert/strict";
import { test } from "node:test";
import { with_service } from "./with_service.mjs";

const world = with_service(async (service) => {
  for (const [n, person] of service.offenders.slice(0, 3).entries()) {
    const made = await fetch(`${service.url}/v1/screenings`, {
      method: "POST", headers: { Authorization: `Bearer ${service.keys.submitter}`, "Content-Type": "application/json" },
      body: JSON.stringify({ purpose: "school_staff", consent: true, reference: `L-${n}`, subject: { name: person.name, id_number: person.id_number } }),
    });
    assert.equal(made.status, 201);
  }
});
const { as } = world;

/** Holds back what is asked for at `pattern` until `release` is called. */
async function hold(c, pattern) {
  let release;
  const released = new Promise((done) => { release = done; });
  await c.context.route(pattern, async (route) => {
    await released;
    await route.continue().catch(() => undefined); // given up meanwhile
  });
  return async () => { release(); await c.context.unroute(pattern); };
}

for (const language of ["ms", "en"]) {
  test(`${language}: what is loaded anew stays readable, says that it waits, and counts as waiting`, async () => {
    const lists = [
      ["submitter", "/", "days", "7", "**/v1/overview?*"], ["submitter", "/checks", "f-outcome", "under_verification", "**/v1/screenings?*"],
      ["caseworker", "/cases", "f-purpose", "school_staff", "**/v1/cases?*"], ["auditor", "/audit", "f-kind", "check", "**/v1/audit?*"],
    ];
    for (const [role, path, filter, value, asked] of lists) {
      const c = await as(role, language);
      await c.go(path);
      const release = await hold(c, asked);
      await c.field(filter).selectOption(value);
      await c.page.locator(".loading-anew[aria-busy=true]").waitFor();
      await c.is_accessible(`${path} loaded anew`);
      let settled = false;
      const settling = c.settled().then(() => { settled = true; });
      await c.page.evaluate(async () => { for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame); });
      assert.equal(settled, false, path);
      await release();
      await settling;
      assert.equal(await c.page.locator(".loading-anew").count(), 0, path);
      await c.is_sound(`${path} loaded`);
      await c.close();
    }
  });

  test(`${language}: what is loaded for the first time and what is being sent is accessible too`, async () => {
    const c = await as("auditor", language);
    let release = await hold(c, "**/v1/audit?*");
    await c.page.goto(`${world.service.url}/#/audit`);
    await c.page.locator(".skeleton").first().waitFor();
    await c.is_accessible("audit before it is there");
    await release();
    await c.is_sound("audit");
    await c.go("/audit/verify");
    release = await hold(c, "**/v1/audit/verify");
    await c.button("verify.go").click();
    await c.page.locator(".button-busy").waitFor();
    await c.is_accessible("audit being verified");
    await release();
    await c.says("verify.clean");
    await c.close();
  });
}

test("of filters chosen in haste the last one is answered, whatever comes when", async () => {
  const c = await as("auditor", "en", { delay: 300 });
  await c.go("/audit");
  for (const last of ["check", "key_use", "load"]) {
    for (const kind of ["load", "check", "", "key_use", "check", "", last]) await c.field("f-kind").selectOption(kind);
    await c.settled();
    const kinds = await c.page.locator('tbody td[data-label="Kind"]').allTextContents();
    const title = await c.field("f-kind").locator("option:checked").textContent();
    assert.deepEqual([...new Set(kinds)], kinds.length ? [title] : [], last);
    assert.ok(kinds.length > 0 || last === "key_use", last);
  }
  await c.close();
});

test("columns corrected faster than the service reads: the last correction is shown and sent", async () => {
  const c = await as("registrar", "en", { delay: 300 });
  await c.go("/registers/new");
  await c.field("name").fill("in_haste");
  await c.field("kind").selectOption("reference");
  await c.page.setInputFiles("#file", { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("Bil,Orang,No KP\n1,Ahmad Fikri bin Zainal,790412-07-5511\n2,Lim Mei Fong,811212-10-5524\n") });
  await c.button("batch.read").click();
  await c.says("columns.no_name");
  const column = (heading) => c.page.getByLabel(heading, { exact: true });
  await column("Orang").selectOption("id");
  await column("Orang").selectOption("name");
  await column("Bil").selectOption("id");
  await c.settled();
  assert.deepEqual([await column("Bil").inputValue(), await column("Orang").inputValue()], ["id", "name"]);
  await c.button("action.next").click();
  await c.page.getByRole("cell", { name: "Lim Mei Fong" }).waitFor();
  await c.page.locator("main .button-primary").click();
  await c.says("upload.done");
  await c.link("upload.back").click();
  await c.page.getByRole("link", { name: "Lim Mei Fong" }).waitFor();
  await c.close();
});

test("a next page that does not come is said, and forgotten with the list it belonged to", async () => {
  const c = await as("registrar", "en");
  await c.go("/registers/offenders");
  await c.context.route("**/records?*cursor=*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ title: "Busy", status: 503, detail: "Try again." }) }));
  await c.button("list.more").first().click();
  await c.says("action.retry");
  await c.is_sound("no next page");
  await c.context.unroute("**/records?*cursor=*");
  await c.button("action.retry").click();
  await c.settled();
  const rows = await c.page.locator("tbody tr").count();
  await c.button("list.more").first().click();
  await c.settled();
  assert.ok(await c.page.locator("tbody tr").count() > rows);
  await c.close();
});
