/** The variable of a compose file that says where an add-on's door is on the reader's machine. */
export function doorVariable(addon: string): string {
  return `MESH_PUBLISHED_${addon.toUpperCase()}`
}
