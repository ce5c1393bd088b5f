/** The version that `giallo --version` prints; a test holds it equal to package.json, which start-up does not read. */
export const version = '1.0.0';
