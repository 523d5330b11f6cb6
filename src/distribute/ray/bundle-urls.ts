/** Where the code is that a cluster runs. */
export type BundleUrls = {
  /** The module that Ray's workers run in Node, with all that it imports. */
  readonly workerUrl: URL;
  /** The folder of the Python modules. */
  readonly shimUrl: URL;
};

/** What the package brings along: beside the bundle; when run from sources, what was built last. */
export function packagedBundle(): BundleUrls {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? '../../../dist/' : './';
  return { workerUrl: new URL(`${built}ray-worker.mjs`, here), shimUrl: new URL(`${built}ray-shim/`, here) };
}
