// A real semakd with registers of invented people, for the length of a test run.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const bin = path.resolve(process.env.SEMAK_BIN ?? "build/dev/bin");
const run = (program, ...words) => execFileSync(path.join(bin, program), words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env: process.env });

/** Rows of a plain CSV as objects; the generator writes no quoted cells. */
export function rows_of(file) {
  const [head, ...lines] = fs.readFileSync(file, "utf8").trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, index) => [names[index], cell])));
}

/** {url, keys: {submitter, caseworker, second, registrar, auditor, admin}, offenders, carers, folder, stop} */
export async function start() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "semak-console-"));
  const at = (name) => path.join(folder, name);
  process.env.SEMAK_KEYS = at("service/keys/semak.key"); // an installation keeps its keys beside its database
  const made = JSON.parse(run("semakd", "init", "--dir", at("service"), "--tenant", "sk-melati", "--format", "json"));
  // Webhooks go to a listener of the tests, and a machine that stands still for a while is no slow client.
  const settings = { loopback: true, header_seconds: 3600, body_seconds: 3600, write_seconds: 3600, idle_seconds: 86400, queue_milliseconds: 600000, requests_burst: 100000 };
  const config = at("service/semakd.toml");
  let text = fs.readFileSync(config, "utf8");
  for (const [name, value] of Object.entries(settings)) {
    const line = new RegExp(`^#?${name} = .*$`, "m");
    if (!line.test(text)) throw new Error(`semakd.toml has no ${name}`);
    text = text.replace(line, `${name} = ${value}`);
  }
  fs.writeFileSync(config, text);
  const keys = Object.fromEntries(made.keys.map((key) => [key.role, key.key]));
  keys.second = JSON.parse(run("semakd", "key", "--dir", at("service"), "--role", "caseworker", "--tenant", "agency", "--name", "Second caseworker", "--format", "json")).key;
  run("semak", "generate", "--people", "300", "--kind", "offender", "--seed", "7", "--out", at("offenders.csv"));
  run("semak", "generate", "--people", "200", "--kind", "oyls", "--seed", "8", "--out", at("carers.csv"));
  run("semak", "load", "--db", at("service/database"), "--register", "offenders", "--kind", "offender", at("offenders.csv"));
  run("semak", "load", "--db", at("service/database"), "--register", "carers", "--kind", "oyls", at("carers.csv"));

  const service = spawn(path.join(bin, "semakd"), ["serve", "--dir", at("service"), "--listen", "127.0.0.1:0", "--no-tls"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const port = await new Promise((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`semakd does not listen:\n${said}`)), 240000);
    const listen = (chunk) => {
      said += chunk;
      const match = /listening.*?"?port"?\s*[:=]\s*"?(\d+)/.exec(said);
      if (match) { clearTimeout(timer); found(Number(match[1])); }
    };
    service.stdout.on("data", listen);
    service.stderr.on("data", listen);
    service.on("exit", (code) => { clearTimeout(timer); failed(new Error(`semakd ended with ${code}:\n${said}`)); });
  });
  return {
    url: `http://127.0.0.1:${port}`, keys, folder, log: () => said,
    offenders: rows_of(at("offenders.csv")), carers: rows_of(at("carers.csv")),
    stop: () => new Promise((done) => {
      service.removeAllListeners("exit");
      service.on("exit", () => { fs.rmSync(folder, { recursive: true, force: true }); done(); });
      service.kill("SIGTERM");
    }),
  };
}
