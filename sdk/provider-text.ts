/**
 * The text that the engine keeps in every resource's state (`__provider`) and that the SDK's dynamic provider turns into
 * a module whose `handler()` is the provider (@pulumi/pulumi, cmd/dynamic-provider, getProvider). The SDK would make it
 * by serialising closures: 2.4 KB, twice a resource, and another text with every compiler. This one is a constant a kind:
 * small, the same on every machine, and free of captures. All work is behind `require("pulumi-acrn/provider")`, which
 * Node finds from the program's folder. The SDK prints the stack of what is thrown: of a missing package it says nothing.
 * It stands twice in the state of each resource, so it is written tightly.
 */
export function providerText(kind: string): string {
  return `exports.handler=()=>{try{return require("pulumi-acrn/provider").${kind}}catch(e){if(e.code!="MODULE_NOT_FOUND")throw e
throw Object.assign(Error("pulumi-acrn/provider is not found from "+process.cwd()+": run npm install there, and add pulumi-acrn to that project's own dependencies\\n"+e.message.split("\\n")[0]),{stack:""})}}`;
}
