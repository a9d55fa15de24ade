package xyz.openledger.actors.journal;

/**
 * An object in its stored form.
 *
 * @param serializerId identifier of the Pekko serializer that wrote it
 * @param manifest what that serializer needs to know to read it; may be empty
 */
@SuppressWarnings(
    "ArrayRecordComponent") // carried once between serializer and store, never compared
record Serialized(int serializerId, String manifest, byte[] bytes) {
  /** Characters of a manifest, so that its UTF-8 length fits the two bytes it has in a record. */
  static final int MANIFEST_LENGTH_MAX = 4096;

  Serialized {
    requireShort("serializer manifest", manifest);
  }

  static void requireShort(String what, String text) {
    if (text.length() > MANIFEST_LENGTH_MAX) {
      throw new JournalException.Refused(
          "%s has %d characters, at most %d are kept"
              .formatted(what, text.length(), MANIFEST_LENGTH_MAX));
    }
  }
}
