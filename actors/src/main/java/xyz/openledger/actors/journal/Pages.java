package xyz.openledger.actors.journal;

import java.util.List;

/**
 * Something read page by page, by one reader.
 *
 * @param <T> what a page holds
 */
interface Pages<T> {
  /**
   * The next page; empty when there is nothing more for now.
   *
   * @throws JournalException.Corrupt when the store does not read back as it was written
   */
  List<T> next();

  /** Whether the end that was asked for has been reached, so that no further page will come. */
  boolean exhausted();
}
