import { render } from "preact";

render(<main><h1>Semak</h1></main>, document.getElementById("app")!);
