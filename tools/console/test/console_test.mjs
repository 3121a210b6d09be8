// Each job of the console from end to end, against a real semakd with registers of invented people, in both languages.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { test } from "node:test";
import { Console } from "./browser.mjs";
import { with_service } from "./with_service.mjs";

const world = with_service();
const { as } = world;

/** The n-th offender who can be checked by name and number and certainly is that record's person. */
const offender = (n) => world.service.offenders.filter((row) => /^\d{6}-\d{2}-\d{4}$/.test(row.id_number) && row.quashed === "no" && ["none", "dismissed"].includes(row.appeal_status))[n];
const unheard = { ms: { name: "Wan Zulaikha Permatasari binti Wan Adruce", number: "910704115336", born: ["4", "7", "1991"], sex: "F" }, en: { name: "Qistina Aurelia Thanaletchumi a/p Ganeswaran", number: "930216085518", born: ["16", "2", "1993"], sex: "F" } };

async function fill_person(c, prefix, name, number) {
  await c.field(`${prefix}-name`).fill(name);
  await c.field(`${prefix}-number`).click();
  await c.field(`${prefix}-number`).pressSequentially(number);
}

async function check(c, name, number, reference) {
  await c.go("/check");
  await c.field("purpose").selectOption("school_staff");
  await fill_person(c, "who", name, number);
  await c.field("reference").fill(reference);
  await c.field("consent").check();
  await c.button("check.go").click();
  await c.page.locator("#outcome-title").waitFor();
}

for (const language of ["ms", "en"]) {
  const at = language === "ms" ? 0 : 1;

  test(`${language}: signing in says what is wrong, and signing out ends the session`, async () => {
    const c = await new Console(world.browser, world.service.url, language).open();
    await c.is_sound("sign-in");
    await c.button("sign_in.go").click();
    await c.page.locator(".error-list").waitFor();
    await c.page.fill("#key", "semak_nobody_0000");
    await c.button("sign_in.go").click();
    await c.says("sign_in.refused");
    await c.is_sound("sign-in refused");
    await c.sign_in(world.service.keys.submitter);
    await c.is_sound("overview");
    const cookies = await c.context.cookies();
    assert.ok(cookies.every((cookie) => cookie.httpOnly && cookie.sameSite === "Strict"));
    await c.page.reload();
    await c.page.locator("#jobs").waitFor();
    await c.button("nav.sign_out").first().click();
    await c.page.locator("#key").waitFor();
    await c.page.reload();
    await c.page.locator("#key").waitFor();
    await c.close();
  });

  test(`${language}: a school checks one person: filled from the number, answered in plain words, with a receipt`, async () => {
    const c = await as("submitter", language);
    const person = unheard[language];
    await c.go("/check");
    await c.button("check.go").click();
    await c.page.locator(".error-list").waitFor();
    assert.equal(await c.page.evaluate(() => document.activeElement?.className), "error-list");
    await c.is_sound("check with errors");
    await c.field("purpose").selectOption("school_staff");
    await fill_person(c, "who", person.name, person.number);
    await c.page.locator(`input[name="who-sex"][value="${person.sex}"]:checked`).waitFor({ state: "attached" });
    await c.settled();
    assert.equal(await c.field("who-number").inputValue(), person.number.replace(/^(.{6})(..)/, "$1-$2-"));
    assert.deepEqual([await c.field("who-born").inputValue(), await c.field("who-born-month").inputValue(), await c.field("who-born-year").inputValue()], person.born);
    await c.field("reference").fill(`HR-${language}-1`);
    await c.field("consent").check();
    await c.is_sound("check filled");
    await c.button("check.go").click();
    await c.page.locator("#outcome-title").waitFor();
    assert.equal(await c.page.locator("#outcome-title").textContent(), c.t("outcome.no_record"));
    await c.says("outcome.means_not");
    await c.is_sound("check answered");
    const letter = await c.page.locator("a[target=_blank]").first().getAttribute("href");
    const receipt = await c.context.request.get(world.service.url + letter);
    assert.equal(receipt.status(), 200);
    assert.match(await receipt.text(), /<html/i);
    await c.page.emulateMedia({ media: "print" });
    assert.equal(await c.page.locator(".mast").isVisible(), false);
    await c.page.emulateMedia({ media: "screen" });

    // the same from its number: genuine, and listed under its reference
    const id = decodeURIComponent(new URL(c.page.url()).hash.split("/").pop());
    await c.go("/receipt");
    await c.field("receipt").fill(id);
    await c.button("receipt.go").click();
    await c.says("receipt.state.good");
    await c.is_sound("receipt");
    await c.go("/checks");
    await c.page.getByRole("link", { name: `HR-${language}-1`, exact: true }).first().waitFor();
    await c.is_sound("past checks");
    await c.close();
  });

  test(`${language}: with the keyboard alone a check is made`, async () => {
    const c = await as("submitter", language);
    await c.page.locator("body").press("Tab");
    await c.tab_to('a[href="#/check"]');
    await c.page.keyboard.press("Enter");
    await c.field("purpose").waitFor();
    await c.tab_to("#purpose");
    for (let turn = 0; turn < 5 && (turn === 0 || await c.field("purpose").inputValue() !== "school_staff"); turn++) {
      if (turn > 0) await c.page.waitForTimeout(2000); // letters a second apart are two words to a list: where the machine stood still
      await c.page.keyboard.type(language === "ms" ? "Kakitangan" : "School");
      await c.settled();
    }
    assert.equal(await c.field("purpose").inputValue(), "school_staff");
    await c.tab_to("#who-name");
    await c.page.keyboard.type("Rosnani Kamsiah binti Jantan");
    await c.tab_to("#who-number");
    await c.page.keyboard.type(language === "ms" ? "880909105548" : "880909105566");
    await c.tab_to("#consent");
    await c.page.keyboard.press("Space");
    await c.tab_to("main button[type=submit]");
    await c.page.keyboard.press("Enter");
    await c.page.locator("#outcome-title").waitFor();
    assert.equal(await c.page.evaluate(() => document.activeElement?.tagName), "H1");
    await c.close();
  });

  test(`${language}: a list is dropped, its columns corrected, its bad rows seen, sent, followed and taken home`, async () => {
    const c = await as("submitter", language);
    const known = offender(20 + at);
    const rows = ["Siapa,No KP,Tarikh Lahir,Jawatan", `${unheard[language].name},${unheard[language].number},,Guru`, `${known.name},${known.id_number},,Warden`,
      ",790412-07-5511,,Guru", ...Array.from({ length: 12 }, (_, n) => `Norhayati Melur ${"abcdefghijkl"[n]}iti binti Jamaluddin,8${n % 10}0${1 + (n % 9)}12-05-55${10 + n},,Guru`)];
    await c.go("/batches/new");
    await c.field("purpose").selectOption("school_staff");
    await c.page.setInputFiles("#file", { name: "guru.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n") + "\n") });
    await c.button("batch.read").click();
    await c.says("columns.title");
    await c.says("columns.no_name");
    await c.is_sound("columns");
    await c.page.getByLabel("Siapa", { exact: true }).selectOption("name");
    await c.button("action.next").click();
    await c.says("rows.bad");
    await c.is_sound("rows");
    await c.button("action.next").click();
    await c.page.locator("main button[type=submit]").click();
    await c.page.locator(".error-list").waitFor(); // nobody consented yet
    await c.field("consent").check();
    await c.page.locator("main button[type=submit]").click();
    await c.page.locator(".progress").waitFor();
    await c.page.locator(".badge", { hasText: c.t("batch.state.done") }).first().waitFor();
    await c.page.getByRole("link", { name: unheard[language].name }).waitFor();
    await c.is_sound("batch");
    await c.field("f-outcome").selectOption("under_verification");
    await c.page.getByRole("link", { name: known.name }).waitFor();
    await c.page.getByRole("link", { name: unheard[language].name }).waitFor({ state: "detached" });
    for (const key of ["batch.csv", "batch.xlsx"]) {
      const [file] = await Promise.all([c.page.waitForEvent("download"), c.link(key).click()]);
      assert.ok(fs.statSync(await file.path()).size > 50);
    }
    await c.go("/batches");
    await c.page.getByRole("link", { name: "guru.csv" }).first().waitFor();
    await c.is_sound("batches");
    await c.close();
  });

  test(`${language}: a referral is decided by two people with the keyboard, and the school reads the record`, async () => {
    const known = offender(at);
    const school = await as("submitter", language);
    await check(school, known.name, known.id_number, `REF-${language}`);
    assert.equal(await school.page.locator("#outcome-title").textContent(), school.t("outcome.under_verification"));
    assert.equal(await school.page.getByText(known.case_no).count(), 0, "a school never sees the offence");
    const id = new URL(school.page.url()).hash;

    const first = await as("caseworker", language);
    await first.go("/cases");
    await first.is_sound("queue");
    await first.field("f-text").fill(`REF-${language}`);
    await first.button("list.search").click();
    await first.page.getByRole("link", { name: `REF-${language}`, exact: true }).click();
    await first.page.locator("#verdict").waitFor();
    await first.settled();
    await first.is_sound("case");
    const case_path = new URL(first.page.url()).hash.slice(1);
    await first.page.keyboard.press("t"); // takes it
    await first.says("case.taken");
    await first.settled();
    const candidates = await first.page.locator(".candidate-tab").count() || 1;
    await first.page.keyboard.press("1");
    await first.page.keyboard.press("r");
    await first.page.keyboard.type("Nombor dan nama sama / same number and name");
    await first.page.keyboard.press("Control+Enter");
    await first.says("case.proposed");
    await first.settled();
    for (let other = 1; other < candidates; other++) { // namesakes below the certain one
      await first.page.locator('input[name="verdict"][value="not_same"]').check();
      await first.page.locator("#reason").fill("Nombor lain / another number");
      await first.page.keyboard.press("Control+Enter");
      await first.says("case.decided");
      await first.settled();
    }
    await first.is_sound("case proposed");

    const second = await as("second", language);
    await second.go(case_path);
    await second.button("case.record").waitFor();
    await second.button("case.record").click(); // without verdict and reason
    await second.says("case.verdict_missing");
    await second.page.keyboard.press("1");
    await second.page.keyboard.press("r");
    await second.page.keyboard.type("Disahkan / confirmed");
    await second.tab_to("main button[type=submit]");
    await second.page.keyboard.press("Enter");
    await second.page.locator(".badge", { hasText: second.t("case.state.closed_record") }).first().waitFor();
    await second.is_sound("case closed");

    await school.page.goto(world.service.url + "/" + id);
    await school.page.reload();
    await school.page.locator("#outcome-title").waitFor();
    assert.equal(await school.page.locator("#outcome-title").textContent(), school.t("outcome.record"));
    await school.is_sound("record answered");
    for (const c of [school, first, second]) await c.close();
  });

  test(`${language}: a carer is checked for a child on a day; a household at once`, async () => {
    const c = await as("caseworker", language);
    const carer = world.service.carers.filter((row) => row.status === "AKTIF" && /^\d{6}-\d{2}-\d{4}$/.test(row.id_number) && row.child_ref)[at];
    await c.go("/carer");
    await fill_person(c, "who", carer.name, carer.id_number);
    await c.field("child-reference").fill(carer.child_ref);
    const consent = c.field("consent");
    if (await consent.count()) await consent.check();
    await c.is_sound("carer");
    await c.button("carer.go").click();
    await c.page.locator("#standing-title").waitFor();
    assert.equal(await c.page.locator("#standing-title").textContent(), c.t("standing.fit"));
    await c.says("standing.order");
    await c.is_sound("carer answered");

    await c.go("/household");
    await c.field("purpose").selectOption("oyls_carer");
    await fill_person(c, "adult0", carer.name, carer.id_number);
    await fill_person(c, "adult1", offender(30 + at).name, offender(30 + at).id_number);
    await c.field("adult1-relationship").fill(language === "ms" ? "Bapa saudara" : "Uncle");
    await c.field("consent").check();
    await c.is_sound("household");
    await c.page.locator("main button[type=submit]").click();
    await c.says("household.result");
    assert.equal(await c.page.locator("tbody tr").count(), 2);
    await c.is_sound("household answered");
    await c.close();
  });

  test(`${language}: a registrar adds a record, the watched person's school is told, it is corrected and withdrawn`, async () => {
    const watched = { name: language === "ms" ? "Sharifah Melati Kenanga binti Syed Awang" : "Kavitha Ponmalar a/p Arumainathan", number: language === "ms" ? "870505115544" : "870505115566", id: `NEW-${language}` };
    const school = await as("submitter", language);
    await check(school, watched.name, watched.number, `W-${language}`);
    await school.button("watch.this").click();
    await school.page.locator("dialog").waitFor();
    await school.is_sound("watching asked");
    await school.field("watch_consent").check();
    await school.button("watch.begin").click();
    await school.says("watch.lead");
    await school.page.getByRole("link", { name: watched.name }).first().waitFor();
    await school.is_sound("watched");

    const c = await as("registrar", language);
    await c.go("/registers/offenders");
    await c.is_sound("register");
    await c.go("/registers/offenders/add");
    await c.button("record.add").click();
    await c.page.locator(".error-list").waitFor();
    await c.field("id").fill(watched.id);
    await c.field("name-0").fill(watched.name);
    await c.field("number-0").fill(watched.number);
    await c.field("reason").fill("Surat mahkamah 12/2026");
    await c.is_sound("record form");
    await c.button("record.add").click();
    await c.says("record.history");
    await c.is_sound("record");

    await school.go("/alerts");
    await school.page.locator(".badge", { hasText: school.t("alert.new_hit") }).first().waitFor();
    await school.is_sound("alerts");
    await school.button("alerts.mark").first().click();
    await school.page.locator(".badge", { hasText: school.t("alerts.seen") }).first().waitFor();

    await c.go("/find");
    await fill_person(c, "who", watched.name, watched.number);
    await c.button("find.go").click();
    await c.page.locator("#found").waitFor();
    await c.is_sound("found");
    await c.link("find.open").click();
    await c.link("record.correct").click();
    await c.field("state").selectOption("Kedah");
    await c.field("reason").fill("Alamat baharu");
    await c.button("record.save").click();
    await c.says("change.changed");
    await c.button("record.withdraw").click();
    await c.field("withdraw-reason").fill("Sabitan diketepikan");
    await c.button("record.withdraw_go").click();
    await c.says("record.is_withdrawn");
    await c.is_sound("record withdrawn");

    await school.go("/watch");
    await school.page.getByRole("link", { name: watched.name }).first().click();
    await school.button("watch.end").click();
    await school.button("watch.end_go").click();
    await school.says("watch.ended");
    await school.is_sound("watching ended");
    for (const each of [school, c]) await each.close();
  });

  test(`${language}: a register file is mapped, previewed and loaded, and its rejects are handed back`, async () => {
    const c = await as("registrar", language);
    await c.go("/registers");
    await c.is_sound("registers");
    await c.go("/registers/new");
    await c.field("name").fill(`list_${language}`);
    await c.field("kind").selectOption("reference");
    await c.page.setInputFiles("#file", { name: "senarai.csv", mimeType: "text/csv", buffer: Buffer.from("Bil,Orang,No KP\n1,Ahmad Fikri bin Zainal,790412-07-5511\n2,,800101-01-5555\n3,Lim Mei Fong,811212-10-5524\n") });
    await c.button("batch.read").click();
    await c.says("columns.title");
    await c.page.getByLabel("Orang", { exact: true }).selectOption("name");
    await c.settled();
    await c.page.getByLabel("Bil", { exact: true }).selectOption("id");
    await c.settled();
    await c.is_sound("register columns");
    await c.button("action.next").click();
    await c.says("rows.bad");
    await c.page.locator("main .button-primary").click();
    await c.says("upload.done");
    await c.is_sound("loaded");
    const [file] = await Promise.all([c.page.waitForEvent("download"), c.link("upload.rejects").click()]);
    assert.match(fs.readFileSync(await file.path(), "utf8"), /800101-01-5555/);
    await c.link("upload.back").click();
    await c.page.getByRole("link", { name: "Lim Mei Fong" }).waitFor();
    await c.says("complete.title");
    const before = await c.page.locator(".figure-label", { hasText: c.t("register.age") }).count();
    assert.equal(before, 1);
    await c.button("complete.go").click();
    await c.settled();
    await c.is_sound("confirmed");
    await c.go(`/registers/list_${language}/upload`);
    await c.says("upload.replace");
    await c.is_sound("upload into a register");
    await c.close();
  });

  test(`${language}: an auditor browses and verifies the chain`, async () => {
    const c = await as("auditor", language);
    await c.go("/audit");
    await c.field("f-kind").selectOption("check");
    await c.settled();
    await c.is_sound("audit");
    await c.page.locator("tbody button").first().click();
    await c.page.locator("dialog").waitFor();
    await c.is_sound("entry");
    await c.page.keyboard.press("Escape");
    await c.go("/audit/verify");
    await c.button("verify.go").click();
    await c.says("verify.clean");
    await c.is_sound("verified");
    await c.close();
  });

  test(`${language}: alerts are sent on to another system: added, tried, removed`, async () => {
    const heard = [];
    let status = 204;
    const listener = http.createServer((request, response) => {
      heard.push(request.headers["semak-signature"] ?? "");
      request.resume();
      response.writeHead(status).end();
    });
    await new Promise((done) => { listener.listen(0, "127.0.0.1", done); });
    const url = `http://127.0.0.1:${listener.address().port}/hook`;
    const c = await as("submitter", language);
    await c.go("/webhooks");
    await c.says("webhooks.none");
    await c.is_sound("no webhooks");
    await c.button("webhook.add").click();
    await c.button("webhook.add_go").click();
    await c.page.locator(".error-list").waitFor();
    await c.field("webhook-url").fill("https://10.0.0.7/hook"); // refused by the service
    await c.button("webhook.add_go").click();
    await c.page.locator("#webhook-url-error").waitFor();
    await c.settled();
    await c.field("webhook-url").fill(url);
    await c.field("webhook-description").fill("HR");
    await c.is_sound("webhook asked");
    await c.button("webhook.add_go").click();
    assert.match(await c.page.locator("#secret").textContent(), /^[0-9a-f]{64}$/);
    await c.is_sound("webhook added");
    await c.button("key.stored").click();
    const row = c.page.getByRole("row", { name: url });
    await row.getByRole("button", { name: c.t("webhook.try") }).click();
    await c.says("webhook.arrived");
    assert.match(heard[0], /^t=\d+,v1=[0-9a-f]{64}$/);
    await c.settled();
    status = 500;
    await row.getByRole("button", { name: c.t("webhook.try") }).click();
    await c.says("webhook.not_arrived");
    await c.says("webhook.status", { n: 500 });
    await c.is_sound("webhooks");
    await row.getByRole("button", { name: c.t("webhook.remove") }).click();
    await c.button("webhook.remove_go").click();
    await c.says("webhooks.none");
    await c.close();
    await new Promise((done) => { listener.closeAllConnections(); listener.close(done); });
  });

  test(`${language}: an administrator makes a key, revokes it, reads roles and changes a policy`, async () => {
    const c = await as("admin", language);
    await c.go("/keys");
    await c.button("key.make").click();
    await c.field("key-label").fill(`Sekolah ${language}`);
    await c.field("key-role").selectOption("submitter");
    await c.field("key-tenant").fill("sk-cempaka");
    await c.is_sound("key asked");
    await c.page.locator("dialog button[type=submit]").click();
    const secret = await c.page.locator("#secret").textContent();
    await c.button("key.stored").click();
    await c.page.getByText(`Sekolah ${language}`).first().waitFor();
    await c.is_sound("keys");
    const other = await new Console(world.browser, world.service.url, language).open();
    await other.sign_in(secret);
    await c.page.getByRole("row", { name: `Sekolah ${language}` }).getByRole("button").click();
    await c.button("key.revoke_go").click();
    await c.says("key.revoked");
    await other.go("/checks");
    await other.says("sign_in.ended"); // what it meant to do cannot be done any more, and it says so
    await other.close();

    await c.go("/roles");
    await c.is_sound("roles");
    await c.go("/policies");
    await c.is_sound("policies");
    await c.go("/policies/school_staff");
    await c.is_sound("policy");
    await c.link("policy.change").click();
    const toml = await c.field("toml").inputValue();
    await c.field("toml").fill(toml + "\nnonsense = 1\n");
    await c.button("policy.check").click();
    await c.page.locator("#toml-error").waitFor();
    await c.is_sound("policy refused");
    await c.field("toml").fill(toml.replace(/valid_days = \d+/, `valid_days = ${120 + at}`));
    await c.button("policy.check").click();
    await c.says("policy.good");
    await c.button("policy.put").click();
    await c.says("policy.in_force");
    await c.page.getByText(c.t("time.days", { n: 120 + at })).first().waitFor();
    await c.close();
  });

  test(`${language}: everything fits a phone of 360 px`, async () => {
    const pages = {
      submitter: ["/", "/check", "/checks", "/batches", "/batches/new", "/watch", "/watch/new", "/alerts", "/webhooks", "/receipt", "/policies"],
      caseworker: ["/", "/cases", "/carer", "/household", "/find", "/person"],
      registrar: ["/", "/registers", "/registers/offenders", "/registers/offenders/add", "/registers/offenders/upload"],
      auditor: ["/", "/audit", "/audit/verify"],
      admin: ["/", "/keys", "/roles", "/policies", "/policies/oyls_carer", "/nowhere"],
    };
    for (const [role, paths] of Object.entries(pages)) {
      const c = await as(role, language, { width: 360, height: 740 });
      for (const each of paths) {
        await c.go(each);
        await c.is_sound(`${role} ${each} at 360 px`);
      }
      await c.page.getByRole("button", { name: c.t("nav.menu"), exact: true }).click();
      await c.is_sound(`${role} menu at 360 px`);
      if (role === "caseworker") {
        await c.go("/cases");
        await c.field("f-state").selectOption("closed");
        await c.settled();
        await c.page.locator("tbody a").first().click();
        await c.page.locator(".timeline").waitFor();
        await c.is_sound("case at 360 px");
      }
      await c.close();
    }
  });
}

test("where something fails, the page says what to do and can go on", async () => {
  const c = await as("submitter", "ms");
  await c.context.route("**/v1/screenings?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ title: "Sibuk", status: 503, detail: "Cuba lagi sebentar." }) }));
  await c.page.goto(`${world.service.url}/#/checks`);
  await c.says("action.retry");
  await c.is_sound("busy");
  await c.context.unroute("**/v1/screenings?*");
  await c.button("action.retry").click();
  await c.page.locator("table").first().waitFor();
  await c.go("/check");
  await c.field("purpose").selectOption("school_staff");
  await fill_person(c, "who", "Zaitun Suri binti Kamaluddin", "840404055566");
  await c.field("consent").check();
  c.expected = /net::ERR_FAILED/; // the browser's own word on the request that is cut
  await c.context.route("**/v1/screenings", (route) => route.abort());
  await c.button("check.go").click();
  await c.says("problem.offline_title");
  assert.equal(await c.field("who-name").inputValue(), "Zaitun Suri binti Kamaluddin");
  await c.context.unroute("**/v1/screenings");
  await c.button("check.go").click();
  await c.page.locator("#outcome-title").waitFor();
  await c.context.clearCookies();
  await c.page.goto(`${world.service.url}/#/checks`);
  await c.says("sign_in.ended");
  await c.close();
});

test("the service sends the console with a strict policy, kept names and nothing from elsewhere", async () => {
  const page = await fetch(world.service.url + "/");
  const policy = page.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|http:|https:|\*/);
  const html = await page.text();
  for (const [, name] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const asset = await fetch(world.service.url + name, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(asset.status, 200);
    assert.match(asset.headers.get("cache-control") ?? "", /immutable/);
    const again = await fetch(world.service.url + name, { headers: { "If-None-Match": asset.headers.get("etag") } });
    assert.equal(again.status, 304);
  }
  assert.ok(fs.existsSync(path.join(world.service.folder, "service")));
});
