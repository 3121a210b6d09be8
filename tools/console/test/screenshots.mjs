// The pictures of screenshots/, made anew from a real service: SEMAK_BIN=... SEMAK_CONSOLE=... node screenshots.mjs
import fs from "node:fs";
import path from "node:path";
import { Console } from "./browser.mjs";
import { start } from "./service.mjs";
import { launch, source } from "./tools.mjs";

const folder = path.join(source, "tools/console/screenshots");
fs.mkdirSync(folder, { recursive: true });
const service = await start();
const browser = await launch();
const as = async (role, language, width, height) => (await new Console(browser, service.url, language).open({ width, height })).sign_in(service.keys[role]);
const picture = async (c, name, full = false) => {
  await c.settled();
  await c.page.evaluate(() => scrollTo(0, 0));
  await c.page.mouse.move(640, 5);
  await c.page.waitForTimeout(300);
  await c.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: full });
};
const person = service.offenders.filter((row) => /^\d{6}-\d{2}-\d{4}$/.test(row.id_number) && row.quashed === "no")[3];
const slip = person.id_number.replace(/(\d)(\d)$/, "$2$1"); // its last two digits changed places

try {
  const school = await as("submitter", "ms", 1280, 900);
  await school.go("/check");
  await school.field("purpose").selectOption("school_staff");
  await school.field("who-name").fill("Nur Aisyah Melati binti Kamarudin");
  await school.field("who-number").pressSequentially("910704115336");
  await school.field("reference").fill("HR-2026-17");
  await school.field("consent").check();
  await picture(school, "check-ms-1280");
  await school.button("check.go").click();
  await school.page.locator("#outcome-title").waitFor();
  await picture(school, "outcome-ms-1280");
  const rows = service.offenders.slice(0, 12).map((row, index) => `G${index},${row.name},${index % 3 ? row.id_number.replace(/\d$/, "") + "1" : row.id_number}`);
  await school.go("/check");
  await school.field("purpose").selectOption("school_staff");
  await school.field("who-name").fill(person.name);
  await school.field("who-number").pressSequentially(slip);
  await school.field("reference").fill("HR-2026-18");
  await school.field("consent").check();
  await school.button("check.go").click();
  await school.page.locator("#outcome-title").waitFor();
  const phone = await as("submitter", "en", 360, 740);
  await phone.page.goto(`${service.url}/${new URL(school.page.url()).hash}`);
  await phone.page.locator("#outcome-title").waitFor();
  await picture(phone, "outcome-en-360");
  await school.go("/batches/new");
  await school.field("purpose").selectOption("school_staff");
  await school.page.setInputFiles("#file", { name: "guru-2026.csv", mimeType: "text/csv", buffer: Buffer.from(["Bil,Nama Guru,No KP", ...rows].join("\n") + "\n") });
  await school.button("batch.read").click();
  await school.says("columns.title");
  await picture(school, "columns-ms-1280");
  await school.button("action.next").click();
  await school.button("action.next").click();
  await school.field("consent").check();
  await school.page.locator("main button[type=submit]").click();
  await school.page.locator(".badge", { hasText: school.t("batch.state.done") }).first().waitFor();

  const caseworker = await as("caseworker", "en", 1280, 900);
  await caseworker.go("/cases");
  await picture(caseworker, "queue-en-1280");
  await caseworker.field("f-text").fill("HR-2026-18");
  await caseworker.button("list.search").click();
  await caseworker.page.getByRole("link", { name: "HR-2026-18", exact: true }).click();
  await caseworker.page.locator("#verdict").waitFor();
  await picture(caseworker, "case-en-1280", true);

  const registrar = await as("registrar", "ms", 360, 740);
  await registrar.go("/registers/offenders/upload");
  await picture(registrar, "upload-ms-360");
} finally {
  await browser.close();
  await service.stop();
}
