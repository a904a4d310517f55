export const load = () => ({ node: process.versions.node })
