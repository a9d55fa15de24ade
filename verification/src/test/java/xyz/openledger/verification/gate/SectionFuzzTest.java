package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Modules taken apart into sections and put together wrongly: sections twice, missing, out of
 * order, of another module; lengths, counts and indexes at the edges of their ranges; numbers
 * written longer than they need be. Bytes drawn blindly seldom come past the header of a section.
 */
class SectionFuzzTest {
  private static final int MODULES = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;
  private static final int PROGRAMS = 41;
  private static final int HEADER_BYTES = 8;
  private static final int COMPARED_MAX = 2_000;

  /** Counts that the gate's limits allow may be believed for a while; others may not. */
  private static final long ALLOCATED_BYTES_MAX = 16 << 20;

  private static final long[] EDGES = {0, 1, 127, 128, 65_535, 65_536, 0x7FFFFFFFL, 0xFFFFFFFFL};

  @TempDir private Path folder;

  /** One section; id and contents. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Section(int id, byte[] contents) {}

  @Test
  void answersEachWithAModuleOrARefusal() {
    var random = new Random(11);
    List<List<Section>> programs = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      programs.add(sections(RandomProgram.of(i, i % 2 == 0)));
    }
    var admitted = new ArrayList<byte[]>();
    int refused = 0;
    for (int i = 0; i < MODULES; i++) {
      byte[] module = broken(programs, random);
      byte @Nullable [] gated = admit(module);
      if (gated == null) {
        refused++;
      } else if (admitted.size() < COMPARED_MAX) {
        admitted.add(module);
        admitted.add(gated);
      }
    }

    assertThat(refused).isGreaterThan(MODULES / 2);
    assertThat(admitted).isNotEmpty();
    assertThat(V8.validate(folder, admitted)).doesNotContain(false);
  }

  private static byte @Nullable [] admit(byte[] module) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    byte @Nullable [] gated;
    try {
      gated = WasmGate.admit(module, GateLimits.DEFAULT).bytes();
    } catch (GateRefusal refusal) {
      assertThat(refusal.byteOffset()).isBetween(0, module.length);
      gated = null;
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATED_BYTES_MAX);
    return gated;
  }

  private static byte[] broken(List<List<Section>> programs, Random random) {
    var sections = new ArrayList<>(programs.get(random.nextInt(PROGRAMS)));
    int at = random.nextInt(sections.size());
    Section chosen = sections.get(at);
    switch (random.nextInt(8)) {
      case 0 -> sections.remove(at);
      case 1 -> sections.add(random.nextInt(sections.size() + 1), chosen);
      case 2 -> Collections.swap(sections, at, random.nextInt(sections.size()));
      case 3 -> sections.set(at, ofAnother(programs, chosen, random));
      case 4 -> sections.set(at, new Section(random.nextInt(16), chosen.contents()));
      case 5 -> sections.set(at, new Section(chosen.id(), edge(chosen.contents(), random)));
      case 6 -> sections.set(at, new Section(chosen.id(), longer(chosen.contents(), random)));
      default -> sections.set(at, new Section(chosen.id(), twice(chosen.contents(), random)));
    }
    var out = ModuleBuilder.header();
    boolean lies = random.nextInt(10) == 0;
    for (Section section : sections) {
      out.u8(section.id());
      if (lies && section.equals(chosen)) {
        out.unsigned(EDGES[random.nextInt(EDGES.length)]);
        out.raw(section.contents(), 0, section.contents().length);
      } else {
        out.sized(new ByteWriter(16).raw(section.contents(), 0, section.contents().length));
      }
    }
    return out.toBytes();
  }

  private static Section ofAnother(List<List<Section>> programs, Section like, Random random) {
    return programs.get(random.nextInt(PROGRAMS)).stream()
        .filter(section -> section.id() == like.id())
        .findFirst()
        .orElse(like);
  }

  /** A count or an index becomes a number at the edge of something. */
  private static byte[] edge(byte[] contents, Random random) {
    if (contents.length == 0) {
      return contents;
    }
    int at = random.nextInt(3) == 0 ? 0 : random.nextInt(contents.length);
    var out = new ByteWriter(contents.length + 8).raw(contents, 0, at);
    out.unsigned(EDGES[random.nextInt(EDGES.length)]);
    return out.raw(contents, at + 1, contents.length).toBytes();
  }

  /** A number of one byte is written in more than it needs. */
  private static byte[] longer(byte[] contents, Random random) {
    if (contents.length == 0) {
      return contents;
    }
    int at = random.nextInt(contents.length);
    var out = new ByteWriter(contents.length + 8).raw(contents, 0, at);
    out.u8(contents[at] | 0x80);
    for (int i = random.nextInt(5); i > 0; i--) {
      out.u8(0x80);
    }
    return out.u8(0).raw(contents, at + 1, contents.length).toBytes();
  }

  private static byte[] twice(byte[] contents, Random random) {
    int from = random.nextInt(contents.length + 1);
    int to = from + random.nextInt(contents.length - from + 1);
    return new ByteWriter(2 * contents.length + 1)
        .raw(contents, 0, to)
        .raw(contents, from, contents.length)
        .toBytes();
  }

  private static List<Section> sections(byte[] module) {
    var sections = new ArrayList<Section>();
    int at = HEADER_BYTES;
    while (at < module.length) {
      int id = module[at++];
      int length = 0;
      for (int shift = 0; ; shift += 7) {
        int next = module[at++];
        length |= (next & 0x7F) << shift;
        if (next >= 0) {
          break;
        }
      }
      sections.add(new Section(id, Arrays.copyOfRange(module, at, at + length)));
      at += length;
    }
    return sections;
  }
}
