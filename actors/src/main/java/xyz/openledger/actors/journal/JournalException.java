package xyz.openledger.actors.journal;

import java.nio.file.Path;

/** Why the embedded journal or snapshot store did not do what it was asked. */
public sealed class JournalException extends RuntimeException {
  private JournalException(String message) {
    super(message);
  }

  private JournalException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A stored record does not read back as it was written. Nothing of it is replayed; restore the
   * directory from a backup.
   */
  public static final class Corrupt extends JournalException {
    private final String what;

    Corrupt(String where, String what) {
      super("corrupt record of " + where + ": " + what);
      this.what = what;
    }

    /** The same finding, said of something that the reader knows by name. */
    Corrupt of(String where) {
      return new Corrupt(where, what);
    }
  }

  /**
   * The store holds as much as its configuration allows; it accepts writes again after deletions.
   */
  public static final class Full extends JournalException {
    Full(Path directory, long bytesMax, String setting) {
      super(
          "%s is full: it holds the %d bytes that %s allows; raise it or delete events"
              .formatted(directory, bytesMax, setting));
    }
  }

  /** More is waiting to be written than the configured queue holds: the disk is behind. */
  public static final class Busy extends JournalException {
    Busy(Path directory, int writesWaiting, long bytesWaiting) {
      super(
          "%s is behind: %d writes of %d bytes are waiting; try again later"
              .formatted(directory, writesWaiting, bytesWaiting));
    }
  }

  /** An event is larger than a bound of the configuration, or not of a kind the store can keep. */
  public static final class Refused extends JournalException {
    Refused(String message) {
      super(message);
    }
  }

  /**
   * A sequence number that is already taken, so that two writers believe they own one persistence
   * id. The later one stops and recovers.
   */
  public static final class Conflict extends JournalException {
    Conflict(String persistenceId, long sequenceNumber, long highest) {
      super(
          "sequence number %d of %s is not above %d: another writer was here"
              .formatted(sequenceNumber, persistenceId, highest));
    }
  }

  /** The directory cannot be used: another format, another process, or closed. */
  public static final class Unusable extends JournalException {
    Unusable(Path directory, String why) {
      super(directory + " cannot be used: " + why);
    }

    Unusable(Path directory, String why, Throwable cause) {
      super(directory + " cannot be used: " + why, cause);
    }
  }

  /** The machine could not make a write durable. What it carried may or may not be stored. */
  public static final class WriteFailed extends JournalException {
    WriteFailed(Path directory, long bytesLeft, Throwable cause) {
      super(
          "writing to %s failed, with %d bytes left on its disk: %s"
              .formatted(directory, bytesLeft, cause.getMessage()),
          cause);
    }
  }
}
