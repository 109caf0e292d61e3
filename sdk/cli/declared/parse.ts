import { z } from "zod";
import type { KindOf } from "../../../provider/converge/plan-resource";
import { AcrnError } from "../../../provider/core/errors";
import { kindOf, knownKinds } from "../../../provider/resources/kinds";
import { argumentIssues, type Fault, faults } from "./faults";
import type { DeclaredText } from "./read";
import { holdsRef, inOrder } from "./refs";
import { Source } from "./source";
import type { Declared, DeclaredResource } from "./types";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;
/** A stack of Pulumi is called org/project/stack: without a slash, no file can take over what a stack holds. */
const name = z.string().regex(NAME, "1 to 100 letters, digits, _, . and -, starting with a letter or digit");

const fileSchema = z.strictObject({
  name,
  resources: z.array(z.strictObject({ type: z.string(), name, args: z.record(z.string(), z.unknown()) })),
});

/** Everything that can be known to be wrong without the machine is told here, with its place in the file. */
export function parseDeclared({ text, file }: DeclaredText, kinds: KindOf = kindOf): Declared {
  const source = new Source(text, file);
  const parsed = fileSchema.safeParse(source.data);
  if (!parsed.success) throw faults(source, argumentIssues(parsed.error, []));
  const resources = parsed.data.resources.map((resource, index) => ({ ...resource, index }));
  const wrong = [
    ...unknownTypes(resources, kinds),
    ...sameNames(resources),
    ...tooMany(resources, kinds),
    ...wrongArgs(resources, kinds),
  ];
  if (wrong.length > 0) throw faults(source, wrong);
  const declared = { name: parsed.data.name, resources, source, kinds };
  inOrder(declared);
  return declared;
}

function unknownTypes(resources: readonly DeclaredResource[], kinds: KindOf): Fault[] {
  return resources.flatMap(({ type, index }) => {
    if (kinds(type)) return [];
    const host = type === "AcrnHost" ? "; a file declares no AcrnHost: TARGET is the host" : "";
    return [
      {
        path: ["resources", index, "type"],
        what: `no resource type ${JSON.stringify(type)}: known are ${knownKinds.join(", ")}${host}`,
      },
    ];
  });
}

/** References go by name alone, so a name is one of all types together. */
function sameNames(resources: readonly DeclaredResource[]): Fault[] {
  return resources.flatMap(({ name: own, index }) => {
    const first = resources.findIndex((other) => other.name === own);
    if (first === index) return [];
    return [{ path: ["resources", index, "name"], what: `the name ${own} is that of resources[${first}] already` }];
  });
}

function tooMany(resources: readonly DeclaredResource[], kinds: KindOf): Fault[] {
  return resources.flatMap(({ type, name: own, index }) => {
    const first = resources.find((other) => other.type === type);
    if (!kinds(type)?.onePerMachine || !first || first.index === index) return [];
    const what = `two ${type} for one machine: ${first.name} and ${own}; put what they say into one of them`;
    return [{ path: ["resources", index], what }];
  });
}

/** Arguments with a reference are complete only when what they refer to has been planned: see stack/order.ts. */
function wrongArgs(resources: readonly DeclaredResource[], kinds: KindOf): Fault[] {
  return resources.flatMap(({ type, args, index }) => {
    const kind = kinds(type);
    if (!kind || holdsRef(args)) return [];
    const parsed = kind.schema.safeParse(args);
    return parsed.success ? [] : argumentIssues(parsed.error, ["resources", index, "args"]);
  });
}

/** For `--name`, which may be a Pulumi stack's too. */
export function checkStackName(text: string): string {
  if (text !== "" && text.length <= 300 && !/[\s\p{Cc}]/u.test(text)) return text;
  throw new AcrnError("options", `${JSON.stringify(text)} is no name of a stack`, {
    hint: "It is the `name` of a file, or org/project/stack of Pulumi: `pulumi-acrn claims TARGET` lists them.",
  });
}
