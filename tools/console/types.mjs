// The schemas of an OpenAPI document as TypeScript, so that a console which asks for what the service does not promise
// does not compile.
const type_of = (schema, depth) => {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => type_of({ ...schema, type }, depth)).join(" | ");
  const any_of = schema.oneOf ?? schema.anyOf;
  if (any_of) return any_of.map((choice) => type_of(choice, depth)).join(" | ");
  switch (schema.type) {
    case "string": return "string";
    case "integer": case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": return `(${type_of(schema.items ?? {}, depth)})[]`;
    case "object": {
      const members = Object.entries(schema.properties ?? {});
      if (members.length === 0) {
        const value = schema.additionalProperties;
        return `{ [name: string]: ${value && typeof value === "object" ? type_of(value, depth) : "unknown"} }`;
      }
      const pad = "  ".repeat(depth + 1);
      const lines = members.map(([name, member]) => {
        const optional = (schema.required ?? []).includes(name) ? "" : "?";
        const about = member.description ? `${pad}/** ${member.description} */\n` : "";
        return `${about}${pad}${JSON.stringify(name)}${optional}: ${type_of(member, depth + 1)};`;
      });
      return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
    }
    default: return "unknown";
  }
};

export function api_types(document) {
  const out = ["// Made by tools/console/types.mjs from tools/semakd/openapi.json.", ""];
  for (const [name, schema] of Object.entries(document.components.schemas))
    out.push(`export type ${name} = ${type_of(schema, 0)};`, "");
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    .map((operation) => operation.operationId).filter(Boolean);
  out.push(`export type Operation = ${operations.map((id) => JSON.stringify(id)).join(" | ")};`, "");
  const paths = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods)
    .filter((method) => /^(get|put|post|delete|patch)$/.test(method))
    .map((method) => `${method.toUpperCase()} ${path}`));
  out.push(`export type Endpoint = ${paths.map((path) => JSON.stringify(path)).join(" | ")};`, "");
  return out.join("\n");
}
