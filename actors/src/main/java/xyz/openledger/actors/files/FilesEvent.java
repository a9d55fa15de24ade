package xyz.openledger.actors.files;

/** What happened to files and batches. */
public sealed interface FilesEvent {
  /** A file is kept. */
  record Kept(StoredFile file) implements FilesEvent {}

  /** A file is kept no more. */
  record Deleted(String file, long atMillis) implements FilesEvent {}

  /** A batch begins. */
  record Begun(StoredBatch batch) implements FilesEvent {}

  /** Nothing more of a batch is wanted. */
  record Unwanted(String batch, long atMillis) implements FilesEvent {}

  /** A batch is over; its files are kept before this is said. */
  record Ended(String batch, StoredBatch.End end) implements FilesEvent {}
}
