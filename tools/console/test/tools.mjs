// What the tests share: packages of the build folder, a browser, a small file server.
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const folder = path.resolve(process.env.SEMAK_CONSOLE ?? "build/dev/tools/console");
export const source = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const require = createRequire(path.join(folder, "package.json"));
export const { chromium } = require("playwright-core");
export const axe_source = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** A module of the console, as the tests can import it. */
export async function module_of(name) {
  const built = require("esbuild").buildSync({
    entryPoints: [path.join(folder, name)], bundle: true, format: "esm", write: false, jsx: "automatic", jsxImportSource: "preact", preserveSymlinks: true,
    banner: { js: "globalThis.localStorage ??= undefined;" }, logLevel: "error",
  });
  return import("data:text/javascript;base64," + Buffer.from(built.outputFiles[0].contents).toString("base64"));
}

export const CHROMIUM = process.env.SEMAK_CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => fs.existsSync(file));

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"], timeout: 240000 });

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const POLICY = /kConsoleSecurityPolicy =\s*((?:"[^"]*"\s*)+);/;

/** The header that semakd sends with the page, read from its source. */
export function security_policy(source) {
  const text = fs.readFileSync(path.join(source, "tools/semakd/static_files.h"), "utf8");
  return [...POLICY.exec(text)[1].matchAll(/"([^"]*)"/g)].map((match) => match[1]).join("");
}

/** Serves the built console, and whatever `answer(method, path, body)` gives: {status, body} or undefined for 404. */
export function serve(answer, csp) {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, "http://x");
    const file = path.join(folder, "dist", url.pathname === "/" ? "index.html" : url.pathname);
    if (!url.pathname.startsWith("/v1") && fs.existsSync(file) && fs.statSync(file).isFile()) {
      response.writeHead(200, { "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream", "Content-Security-Policy": csp });
      return response.end(fs.readFileSync(file));
    }
    let text = "";
    request.on("data", (chunk) => { text += chunk; });
    request.on("end", () => {
      let body = text;
      try { body = JSON.parse(text); } catch { /* a form */ }
      const { status, body: out } = answer(request.method, url.pathname, body, url) ?? { status: 404, body: { title: "404", status: 404 } };
      response.writeHead(status, { "Content-Type": status >= 400 ? "application/problem+json" : "application/json" });
      response.end(out === undefined ? "" : JSON.stringify(out));
    });
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () =>
    done({ url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((closed) => { server.closeAllConnections?.(); server.close(closed); }) })));
}
