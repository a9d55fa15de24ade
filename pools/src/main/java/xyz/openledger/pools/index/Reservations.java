package xyz.openledger.pools.index;

import java.util.OptionalInt;

/**
 * Takes and gives back slots. What was found may be stale by the time it is wanted: a candidate
 * names the epoch of its row when it was seen, and is refused if anything of the row has changed
 * since. The loser asks for the next.
 */
public final class Reservations {
  /** Where the slots of a row are counted. */
  public interface Slots {
    /** Slots that would be given now. */
    int free(int row);

    /** Slots in all. */
    int total(int row);

    /** Makes so many more free, or fewer if negative. */
    void change(int row, int by);
  }

  /** A row as it was seen. */
  public record Candidate(int row, int epoch) {}

  private final Table table;
  private final Slots slots;

  /** Over rows of {@code table}. */
  public Reservations(Table table, Slots slots) {
    this.table = table;
    this.slots = slots;
  }

  /** Slots counted in a column of the table itself, as many for each row. */
  public static Reservations of(Table table, int freeColumn, int slotsOfEach) {
    return new Reservations(
        table,
        new Slots() {
          @Override
          public int free(int row) {
            return table.code(row, freeColumn);
          }

          @Override
          public int total(int row) {
            return slotsOfEach;
          }

          @Override
          public void change(int row, int by) {
            table.set(row, freeColumn, table.code(row, freeColumn) + by);
          }
        });
  }

  /** The row as it is now. */
  public Candidate seen(int row) {
    return new Candidate(row, table.epoch(row));
  }

  /** Takes a slot; false, and nothing has happened, if the row is not what it was or has none. */
  public boolean take(Candidate candidate) {
    int row = candidate.row();
    if (!table.isLive(row) || table.epoch(row) != candidate.epoch() || slots.free(row) < 1) {
      return false;
    }
    slots.change(row, -1);
    return true;
  }

  /** Takes a slot of the best row that has one, as of now. */
  public OptionalInt takeBest(Top top) {
    for (int place = 0; place < top.size(); place++) {
      if (take(seen(top.row(place)))) {
        return OptionalInt.of(top.row(place));
      }
    }
    return OptionalInt.empty();
  }

  /** Undoes a take. More than were taken are not given back. */
  public void giveBack(int row) {
    if (slots.free(row) >= slots.total(row)) {
      throw new IllegalStateException("row " + row + " has no slot taken");
    }
    slots.change(row, 1);
  }
}
