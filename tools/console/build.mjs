// node build.mjs FOLDER: checks types, bundles src/ into FOLDER/dist with hashed names, and writes the files as data for
// semakd (console_files.cc, .S; see tools/semakd/static_files.h). FOLDER has node_modules; src is linked into it, so
// that packages are found without ever being in the source tree.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import { api_types } from "./types.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? ".");
const dist = path.join(folder, "dist");
const require = createRequire(path.join(folder, "package.json"));
const esbuild = require("esbuild");
const FIRST_PAGE_BYTES_MAX = 150_000;

for (const name of ["src", "tsconfig.json"]) {
  const link = path.join(folder, name);
  fs.rmSync(link, { force: true, recursive: false });
  fs.symlinkSync(path.join(here, name), link);
}

fs.mkdirSync(path.join(folder, "generated"), { recursive: true });
const contract = JSON.parse(fs.readFileSync(path.join(here, "../semakd/openapi.json"), "utf8"));
fs.writeFileSync(path.join(folder, "generated/contract.ts"), api_types(contract));

const types = spawnSync(process.execPath, [require.resolve("typescript/package.json").replace("package.json", "bin/tsc"),
  "--project", path.join(folder, "tsconfig.json")], { cwd: folder, stdio: "inherit" });
if (types.status !== 0) process.exit(1);

fs.rmSync(dist, { recursive: true, force: true });
const built = await esbuild.build({
  absWorkingDir: folder,
  entryPoints: { app: "src/main.tsx", style: "src/styles/index.css" },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020", "chrome88", "firefox88", "safari15.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  preserveSymlinks: true,
  entryNames: "assets/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  publicPath: "/",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const outputs = Object.keys(built.metafile.outputs).map((name) => path.relative("dist", name));
const named = (pattern) => {
  const found = outputs.find((name) => pattern.test(name));
  if (!found) throw new Error(`the bundle has no ${pattern}`);
  return "/" + found;
};
const page = fs.readFileSync(path.join(here, "src/index.html"), "utf8")
  .replace("{{script}}", named(/app-.*\.js$/))
  .replace("{{style}}", named(/style-.*\.css$/))
  .replace("{{font}}", named(/latin-wght-normal-.*\.woff2$/));
fs.writeFileSync(path.join(dist, "index.html"), page);
fs.copyFileSync(path.join(here, "src/favicon.svg"), path.join(dist, "favicon.svg"));

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".woff2": "font/woff2",
};
const files = fs.readdirSync(dist, { recursive: true, withFileTypes: false })
  .map((name) => String(name))
  .filter((name) => fs.statSync(path.join(dist, name)).isFile())
  .map((name) => {
    const file = path.join(dist, name);
    const bytes = fs.readFileSync(file);
    const packed = zlib.gzipSync(bytes, { level: 9 });
    const smaller = packed.length < bytes.length * 0.95;
    if (smaller) fs.writeFileSync(file + ".gz", packed);
    return {
      path: name === "index.html" ? "/" : "/" + name.split(path.sep).join("/"),
      file, type: TYPES[path.extname(name)], size: bytes.length,
      gzip: smaller ? file + ".gz" : "", sent: smaller ? packed.length : bytes.length,
      etag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
      immutable: name.startsWith("assets"),
    };
  })
  .sort((a, b) => (a.path < b.path ? -1 : 1));

const first = files.filter((file) => page.includes(`"${file.path}"`) || file.path === "/");
const first_bytes = first.reduce((sum, file) => sum + file.sent, 0);
console.log(`console: first page ${(first_bytes / 1000).toFixed(1)} kB compressed (${first.map((f) => `${f.path} ${(f.sent / 1000).toFixed(1)}`).join(", ")})`);
if (first_bytes > FIRST_PAGE_BYTES_MAX) throw new Error(`first page over ${FIRST_PAGE_BYTES_MAX} bytes`);

const label = (index, kind) => `semak_console_${kind}_${index}`;
const assembly = ["  .section .rodata"];
for (const [index, file] of files.entries()) {
  for (const [kind, name] of [["raw", file.file], ["gzip", file.gzip]]) {
    if (!name) continue;
    const start = label(index, kind);
    assembly.push(`  .global ${start}_begin`, `${start}_begin:`, `  .incbin "${name}"`, `  .global ${start}_end`, `${start}_end:`, "  .byte 0");
  }
}
assembly.push('  .section .note.GNU-stack,"",@progbits', "");
const view = (index, kind, there) => there
  ? `between(${label(index, kind)}_begin, ${label(index, kind)}_end)` : "{}";
const externs = files.flatMap((file, index) => [["raw", true], ["gzip", file.gzip]]
  .filter(([, there]) => there)
  .map(([kind]) => `extern const char ${label(index, kind)}_begin[], ${label(index, kind)}_end[];`));
const source = `// Made by tools/console/build.mjs.
#include "tools/semakd/static_files.h"

#include <array>
#include <cstddef>

extern "C" {
${externs.join("\n")}
}

namespace semak {
namespace {
std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }
}  // namespace

std::span<const StaticFile> static_files() {
  static const std::array<StaticFile, ${files.length}> files{{
${files.map((file, index) => `    {"${file.path}", "${file.type}", "\\"${file.etag}\\"", ${view(index, "raw", true)}, ${view(index, "gzip", file.gzip)}, ${file.immutable}},`).join("\n")}
  }};
  return files;
}

}  // namespace semak
`;
fs.writeFileSync(path.join(folder, "console_files.S"), assembly.join("\n"));
fs.writeFileSync(path.join(folder, "console_files.cc"), source);
