package xyz.openledger.nodes.execution;

/**
 * The pieces of memory that one read fills or one write takes, copied and checked before a byte
 * moves: a read may well overwrite the list that describes it.
 */
@SuppressWarnings("ArrayRecordComponent") // lives as long as one call, and is never compared
record IoVectors(int[] pointers, int[] lengths, long totalBytes) {
  /** As POSIX systems have it. */
  static final int COUNT_MAX = 1024;

  private static final int VECTOR_BYTES = 8;

  static IoVectors read(LinearMemory memory, int pointer, int count) {
    if (count < 0 || count > COUNT_MAX) {
      throw Errno.INVAL.refusal();
    }
    memory.require(pointer, (long) VECTOR_BYTES * count);
    int[] pointers = new int[count];
    int[] lengths = new int[count];
    long totalBytes = 0;
    for (int i = 0; i < count; i++) {
      pointers[i] = memory.readInt(pointer + VECTOR_BYTES * i);
      lengths[i] = memory.readInt(pointer + VECTOR_BYTES * i + Integer.BYTES);
      // What fits into a memory of a gigabyte is never negative as an int.
      memory.require(pointers[i], Integer.toUnsignedLong(lengths[i]));
      totalBytes += lengths[i];
    }
    if (totalBytes > Integer.MAX_VALUE) {
      throw Errno.INVAL.refusal();
    }
    return new IoVectors(pointers, lengths, totalBytes);
  }

  int count() {
    return pointers.length;
  }
}
