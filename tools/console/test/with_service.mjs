// A real semakd with registers of invented people, and a browser, for the tests of one file. Without a browser the file
// is skipped.
import { after, before } from "node:test";
import { Console } from "./browser.mjs";
import { start } from "./service.mjs";
import { CHROMIUM, launch } from "./tools.mjs";

if (!CHROMIUM) {
  console.log("console: skipped, there is no chromium here (apt-get install chromium)");
  process.exit(77);
}

/** { service, browser, as }, there once the tests run. `prepare(service)`: what the service is to hold before them. */
export function with_service(prepare = async () => {}) {
  const world = {
    service: undefined,
    browser: undefined,
    /** Signed in to the console in this role. */
    as: async (role, language, options) => (await new Console(world.browser, world.service.url, language).open(options)).sign_in(world.service.keys[role]),
  };
  before(async () => {
    world.service = await start();
    world.browser = await launch();
    await prepare(world.service);
  }, { timeout: 300000 });
  after(async () => {
    await world.browser?.close();
    await world.service?.stop();
  });
  return world;
}
