type Document = { paths?: object; components?: object };
type Operation = { parameters?: Parameter[]; responses?: Record<string, ProblemResponse> };
type Parameter = { name: string; in: string };
type ProblemResponse = { description: string; content?: Record<string, unknown> };

/** A place in the document that may refer to a component instead of repeating it. */
type Slot = {
  kind: "parameters" | "responses";
  name: string;
  value: object;
  refer: (ref: Reference) => void;
};
type Reference = { $ref: string };

/** All routes behind a token answer 401 with the same codes: too many for a name. */
const UNAUTHORIZED = "Unauthorized";

/**
 * Moves the parameters and problem responses that operations repeat into `components`. Changes the operations in place.
 * Schemas are not its concern: `.meta({ id })` names those. Of two different components with one name the more frequent one is
 * shared; the other stays where it is.
 */
export function shareComponents<Given extends Document>(document: Given) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.values(item as Record<string, Operation>).map((operation) => ({ path, operation })),
  );
  const slots = operations.flatMap(({ path, operation }) => [
    ...parameterSlots(path, operation),
    ...responseSlots(operation),
  ]);
  const equal = Map.groupBy(slots, ({ kind, name, value }) => `${kind}/${name} ${JSON.stringify(value)}`);
  const shared = { responses: {} as Record<string, object>, parameters: {} as Record<string, object> };
  for (const [first, ...others] of [...equal.values()].sort((a, b) => b.length - a.length)) {
    if (!first || others.length === 0 || first.name in shared[first.kind]) continue;
    shared[first.kind][first.name] = first.value;
    for (const { refer } of [first, ...others]) refer({ $ref: `#/components/${first.kind}/${first.name}` });
  }
  return { ...document, components: { ...document.components, ...shared } };
}

function parameterSlots(path: string, { parameters = [] }: Operation): Slot[] {
  return parameters.map((parameter, i) => ({
    kind: "parameters",
    name: parameter.in === "path" ? pathParameterName(path, parameter.name) : pascalCase(parameter.name),
    value: parameter,
    refer: (ref) => Object.assign(parameters, { [i]: ref }),
  }));
}

function responseSlots({ responses = {} }: Operation): Slot[] {
  return Object.entries(responses)
    .filter(([, { content = {} }]) => "application/problem+json" in content)
    .map(([status, response]) => ({
      kind: "responses",
      name: status === "401" ? UNAUTHORIZED : responseName(response.description),
      value: response,
      refer: (ref) => Object.assign(responses, { [status]: ref }),
    }));
}

/** `NotFound`, or `InvalidRequestOrInvalidCursor`: the codes in the description, which stand in backticks. */
function responseName(description: string): string {
  return [...description.matchAll(/`(\w+)`/g)].map(([, code = ""]) => pascalCase(code)).join("Or");
}

/** `ChatId` of `/chats/{id}`: an address says with the segment before a parameter what it is the id of. */
function pathParameterName(path: string, name: string): string {
  const [, collection = name] = path.match(`([\\w-]+?)s?/\\{${name}\\}`) ?? [];
  return `${pascalCase(collection)}Id`;
}

function pascalCase(name: string): string {
  return name
    .split(/[_-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
