import { builtFrom, pcpusOf } from "../server/physics/image";
import type { ClosTable } from "../server/physics/rdt/table";

/** configs/misc_cfg.h, the lines that say which VM runs where and in how many classes [misc/config_tools/xforms/misc_cfg.h.xsl]. */
export function miscCfg(scenario: string, board: string, table: ClosTable): string {
  const image = builtFrom({ scenario, board, table });
  const numbers = image.caches.map(({ clos }) => clos);
  const common = numbers.length === 0 ? 0 : Math.min(...numbers);
  const legacy = !/<load_order>/.test(scenario);
  const affinity = image.vms.map((vm) => {
    const name = vm.load === "service" ? (legacy ? "SOS_VM" : "SERVICE_VM") : `VM${vm.id}`;
    return define(
      `${name}_CONFIG_CPU_AFFINITY`,
      `(${pcpusOf(image, vm)
        .map((cpu) => `AFFINITY_CPU(${cpu}U)`)
        .join("|")})`,
    );
  });
  // v2.5: the masks are one list, and classes stand here alone
  const classes = legacy
    ? image.vms.map(({ id }) =>
        define(`VM${id}_VCPU_CLOS`, `{${(table.vcpus[id] ?? []).map((clos) => `${clos}U`).join(",")}}`),
      )
    : [];
  const masks = legacy ? table.l3.map((mask, clos) => define(`CLOS_MASK_${clos}`, `${mask}U`)) : [];
  const lines = [
    "#ifndef MISC_CFG_H",
    "#define MISC_CFG_H",
    ...affinity,
    ...classes,
    ...masks,
    "#ifdef CONFIG_RDT_ENABLED",
    define("HV_SUPPORTED_MAX_CLOS", `${table.cdp ? Math.floor(common / 2) : common}U`),
    define("MAX_MBA_CLOS_NUM_ENTRIES", `${table.cdp ? Math.floor(common / 2) : common}U`),
    define("MAX_CACHE_CLOS_NUM_ENTRIES", `${table.cdp ? 2 * Math.floor(common / 2) : common}U`),
    "#endif",
    define("RTVM_SEVERITY_LEVEL", image.supervisor ? "0x10U" : "0x30U"),
    "#endif /* MISC_CFG_H */",
  ];
  return `${lines.join("\n")}\n`;
}

const define = (name: string, value: string): string => `#define ${name.padEnd(36)} ${value}`;
