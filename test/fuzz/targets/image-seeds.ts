/** What ACRN's build and grub-mkconfig generate, in little. */

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));

/** [misc/config_tools/static_allocators/clos.py] */
export const ALLOCATION = bytes(
  '<acrn-config>\n<vm id="0"><clos><vcpu_clos>0</vcpu_clos></clos></vm><vm id="1"><clos><vcpu_clos>1</vcpu_clos><vcpu_clos>2</vcpu_clos></clos></vm>\n' +
    '<hv><clos_mask id="l3"><clos>0x00f</clos><clos>0xff0</clos></clos_mask><clos_mask id="0x2"><clos>0x3</clos></clos_mask></hv>\n</acrn-config>\n',
  "<acrn-config/>",
);

/** [misc/config_tools/xforms/misc_cfg.h.xsl], of 3.x and 2.x */
export const MISC_CFG = bytes(
  "#ifndef MISC_CFG_H\n#define SERVICE_VM_CONFIG_CPU_AFFINITY (AFFINITY_CPU(0U)|AFFINITY_CPU(1U))\n#define VM1_CONFIG_CPU_AFFINITY (AFFINITY_CPU(3U))\n#endif\n",
  "#define SOS_VM_CONFIG_CPU_AFFINITY (AFFINITY_CPU(0U))\n#define CLOS_MASK_0 0xffU\n#define CLOS_MASK_1 0xf00U\n#define VM1_VCPU_CLOS {1U,1U}\n",
);

const header = (otherwise: string) =>
  `if [ "\${next_entry}" ] ; then\n   set default="\${next_entry}"\n   set next_entry=\n   save_env next_entry\n   set boot_once=true\nelse\n   set default="${otherwise}"\nfi\n`;

const MENU = `function gfxmode {
	set gfxpayload="\${1}"
}
menuentry 'A' --class debian $menuentry_id_option 'a-1' {
	linux	/vmlinuz ro # menuentry 'no' {
}
submenu 'More; "options"' $menuentry_id_option 'more' {
	menuentry 'It'\\''s old' --id old { linux /old ; }
}
menuentry 'Image' --id 'pulumi-acrn-0123456789abcdef' { multiboot2 /acrn.bin }
`;

/** [GRUB util/grub.d/00_header.in, 10_linux.in] */
export const GRUB_CFG = bytes(
  header("0") + MENU,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  header("${saved_entry}") + MENU,
  `set default="More>old"\n${MENU}`,
);
