/**
 * Temporary files, read and written at once: only for threads that may wait. Every database process has a folder of
 * its own, which is made with its first file.
 */
export type TemporaryFiles = {
  /** Where the folders go when no other place is named. */
  readonly defaultParent: string;
  /** The folder of this process below `parent`; nothing is made. */
  readonly folderIn: (parent: string) => string;
  /** Adds to a file's end; makes file and folders when there are none. @throws RayexecError `io` that names the folder */
  readonly append: (path: string, parts: readonly Uint8Array[]) => void;
  /** Fills `target` with the bytes from `offset` on. @throws RayexecError `io`, also when the file ends before */
  readonly read: (path: string, offset: number, target: Uint8Array) => void;
  /** Removes a file, or a folder with all that is in it, and then the folder around it if it is empty; no error if there is none. */
  readonly remove: (path: string) => void;
  /** Removes the folders below `parent` whose processes have ended without doing so. */
  readonly removeOrphans: (parent: string) => void;
};
