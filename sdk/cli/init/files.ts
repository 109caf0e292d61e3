import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { AcrnError } from "../../../provider/core/errors";
import { version } from "../../../provider/version";

/** The files of a new project by name. */
export function projectFiles(project: string, label: string, program: string): Record<string, string> {
  const json = (data: unknown) => `${JSON.stringify(data, null, 2)}\n`;
  return {
    "Pulumi.yaml": stringify({
      name: project,
      description: `The ACRN host ${label}`,
      runtime: { name: "nodejs", options: { typescript: true } },
    }),
    "package.json": json({
      name: project.toLowerCase(),
      private: true,
      main: "index.ts",
      dependencies: { "@pulumi/pulumi": "^3.216.0", "pulumi-acrn": `^${version}` },
      devDependencies: { "@types/node": "^20", typescript: "^5" },
    }),
    "tsconfig.json": json({
      compilerOptions: {
        target: "es2022",
        module: "node16",
        moduleResolution: "node16",
        strict: true,
        esModuleInterop: true,
        skipLibCheck: true,
        noEmit: true,
      },
      files: ["index.ts"],
    }),
    "index.ts": program,
  };
}

/** All of them or none: a file that is there is somebody's work. */
export function writeProject(dir: string, files: Record<string, string>): void {
  const there = Object.keys(files).filter((name) => existsSync(join(dir, name)));
  if (there.length > 0)
    throw new AcrnError("init.exists", `${dir} has ${there.join(", ")} already; nothing was written`, {
      hint: "Give another folder: pulumi-acrn init TARGET DIR.",
    });
  try {
    mkdirSync(dir, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { flag: "wx" });
  } catch (cause) {
    throw new AcrnError("init.write", `the project cannot be written: ${(cause as Error).message}`, {
      hint: "Give a folder that you may write to.",
      cause,
    });
  }
}

/** What may be the name of a Pulumi project and of an npm package: letters, digits, dash. */
export function projectName(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^[-0-9]+|-+$/g, "");
  return clean.slice(0, 60) || "acrn-host";
}
