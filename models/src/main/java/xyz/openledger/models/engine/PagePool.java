package xyz.openledger.models.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * Who holds which page of keys and values. A full page has a name, made of everything before it and
 * in it; whoever asks for the same name gets the same page. Pages that nobody holds keep their
 * content until the room is needed, the longest unused first.
 */
final class PagePool {
  private final int[] holders;
  private final @Nullable Digest[] names;
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final Map<Digest, Integer> byName = new HashMap<>();
  private final LinkedHashMap<Integer, Boolean> idle = new LinkedHashMap<>();

  PagePool(int pages) {
    this.holders = new int[pages];
    this.names = new Digest[pages];
    for (int page = 0; page < pages; page++) {
      free.add(page);
    }
  }

  int pages() {
    return holders.length;
  }

  /** Pages that nobody holds. */
  int available() {
    return free.size() + idle.size();
  }

  /** Pages whose content is known under a name. */
  int named() {
    return byName.size();
  }

  /** How many of these names, from the first on, have a page that somebody holds now. */
  int held(List<Digest> wanted) {
    int held = 0;
    for (Digest name : wanted) {
      Integer page = byName.get(name);
      if (page == null || holders[page] == 0) {
        break;
      }
      held++;
    }
    return held;
  }

  /** Holds the pages of these names, from the first on, as far as there are any. */
  List<Integer> share(List<Digest> wanted) {
    var shared = new ArrayList<Integer>();
    for (Digest name : wanted) {
      Integer page = byName.get(name);
      if (page == null) {
        break;
      }
      idle.remove(page);
      holders[page]++;
      shared.add(page);
    }
    return shared;
  }

  /** Holds an empty page; there must be one {@linkplain #available available}. */
  int take() {
    Integer page = free.poll();
    if (page == null) {
      page = idle.keySet().iterator().next();
      idle.remove(page);
      forget(page);
    }
    holders[page] = 1;
    return page;
  }

  private void forget(int page) {
    Digest name = names[page];
    if (name != null) {
      byName.remove(name, page);
      names[page] = null;
    }
  }

  /** Says that a page is full and what it holds. */
  void name(int page, Digest name) {
    if (names[page] == null && byName.putIfAbsent(name, page) == null) {
      names[page] = name;
    }
  }

  /** Lets a page go. */
  void release(int page) {
    holders[page]--;
    if (holders[page] < 0) {
      throw new IllegalStateException("page " + page + " was let go twice");
    }
    if (holders[page] == 0) {
      if (names[page] == null) {
        free.add(page);
      } else {
        idle.put(page, true);
      }
    }
  }
}
