import type * as pulumi from "@pulumi/pulumi";

/**
 * The object that the engine serialises into every resource's state (`__provider`). It has to stay small, the same on
 * every machine, and free of captures but the name of the kind: all work is behind `require("pulumi-acrn/provider")`,
 * which Node finds from the program's folder. Plain JavaScript only; no import of this file may be used inside.
 */
export function providerText(kind: string): pulumi.dynamic.ResourceProvider {
  // biome-ignore lint/suspicious/noExplicitAny: the provider's own types are not serialised with it
  const call = (method: string, ...args: unknown[]): Promise<any> => {
    let provider: Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>;
    try {
      provider = require("pulumi-acrn/provider");
    } catch (e) {
      if ((e as { code?: string }).code !== "MODULE_NOT_FOUND") throw e;
      throw new Error(
        `pulumi-acrn/provider is not found from ${process.cwd()}: run npm install there, and add pulumi-acrn to that project's own dependencies\n${e}`,
      );
    }
    return (provider[kind] as Record<string, (...args: unknown[]) => Promise<unknown>>)[method]?.(...args) as Promise<unknown>;
  };
  return {
    check: (olds, news) => call("check", olds, news),
    diff: (id, olds, news) => call("diff", id, olds, news),
    create: (inputs) => call("create", inputs),
    read: (id, props) => call("read", id, props),
    update: (id, olds, news) => call("update", id, olds, news),
    delete: (id, props) => call("delete", id, props),
  };
}
