package xyz.openledger.actors.journal;

import java.util.List;

/** Persistence ids in the order in which they first wrote. */
final class PersistenceIdPages implements Pages<String> {
  private final EventStore store;
  private long afterNumber;

  PersistenceIdPages(EventStore store) {
    this.store = store;
  }

  @Override
  public List<String> next() {
    var page = store.persistenceIds(afterNumber);
    if (!page.isEmpty()) {
      afterNumber = page.getLast().number();
    }
    return page.stream().map(Names.Numbered::name).toList();
  }

  @Override
  public boolean exhausted() {
    return false;
  }
}
