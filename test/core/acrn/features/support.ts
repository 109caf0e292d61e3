/** The smallest scenario that tells its version by these elements of FEATURES; VMs after it. */
export function scenario(dialect: "2.x" | "3.x", features = "", vms = ""): string {
  const service =
    dialect === "3.x"
      ? '<vm id="0"><load_order>SERVICE_VM</load_order><name>S</name></vm>'
      : '<vm id="0"><vm_type>SOS_VM</vm_type><name>S</name><clos/></vm>';
  return `<acrn-config><hv><FEATURES>${features}</FEATURES></hv>${service}${vms}</acrn-config>`;
}
