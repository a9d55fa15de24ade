package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KryoIdsTest {
  private static final Path RELEASED = Path.of("src/test/resources/golden/kryo-ids.txt");

  /** What {@link KryoFactory} registers for every message. */
  private static final Set<Class<?>> COMMON =
      Set.of(
          String.class,
          Boolean.class,
          Integer.class,
          Long.class,
          Double.class,
          BigInteger.class,
          Instant.class,
          Duration.class,
          List.class,
          Set.class,
          SortedSet.class,
          Map.class,
          SortedMap.class,
          Optional.class);

  @Test
  void linesOnlyGrow() throws IOException {
    var released = KryoIds.parse(Files.readString(RELEASED));
    var present = KryoIds.lines();

    assertThat(present.size()).isGreaterThanOrEqualTo(released.size());
    for (int i = 0; i < released.size(); i++) {
      assertThat(present.get(i).id()).isEqualTo(released.get(i).id());
      assertThat(present.get(i).className())
          .as("number %d belongs to it for good", released.get(i).id())
          .isEqualTo(released.get(i).className());
    }
  }

  @Test
  void everyLineNamesARecordOrAnEnum() {
    assertThat(KryoIds.lines())
        .filteredOn(line -> !line.retired())
        .allMatch(line -> line.type().isRecord() || line.type().isEnum());
  }

  @Test
  void everyMessageAndWhateverIsInItHasALine() throws Exception {
    var known = KryoIds.lines().stream().map(KryoIds.Line::className).collect(Collectors.toSet());
    var needed = new TreeSet<Class<?>>(Comparator.comparing(Class::getName));
    for (var message : messages()) {
      gather(message, needed);
    }

    var missing =
        needed.stream().map(Class::getName).filter(name -> !known.contains(name)).toList();

    int next = KryoIds.lines().isEmpty() ? KryoIds.FIRST : KryoIds.lines().getLast().id() + 1;
    var lines =
        IntStream.range(0, missing.size())
            .mapToObj(i -> next + i + " " + missing.get(i))
            .collect(Collectors.joining("\n"));
    assertThat(lines).as("lines to add to kryo-ids.txt").isEmpty();
  }

  private static List<Class<?>> messages() throws IOException, URISyntaxException {
    var classes =
        Path.of(KryoIds.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && file.startsWith("xyz"))
          .map(file -> file.substring(0, file.length() - 6).replace('/', '.'))
          .<Class<?>>map(KryoIdsTest::load)
          .filter(MemberMessage.class::isAssignableFrom)
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, KryoIdsTest.class.getClassLoader());
    } catch (ClassNotFoundException impossible) {
      throw new LinkageError(name, impossible);
    }
  }

  /** The records and enums of ours that a value of this type may hold. */
  private static void gather(Type type, Set<Class<?>> needed) {
    switch (type) {
      case Class<?> plain when plain.isArray() -> gather(plain.getComponentType(), needed);
      case Class<?> plain when plain.getName().startsWith("xyz.openledger") ->
          gather(plain, needed);
      case ParameterizedType generic
          when !generic.getRawType().getTypeName().endsWith(".ActorRef") -> {
        gather(generic.getRawType(), needed);
        Arrays.stream(generic.getActualTypeArguments()).forEach(one -> gather(one, needed));
      }
      case GenericArrayType array -> gather(array.getGenericComponentType(), needed);
      case Class<?> plain when plain.isPrimitive() || COMMON.contains(plain) -> {}
      case ParameterizedType _ -> {} // a reference to an actor
      default -> throw new AssertionError(type + " cannot travel between members");
    }
  }

  private static void gather(Class<?> type, Set<Class<?>> needed) {
    if (type.isSealed()) {
      Arrays.stream(type.getPermittedSubclasses()).forEach(one -> gather((Type) one, needed));
    }
    boolean concrete = type.isRecord() || type.isEnum();
    if (concrete && needed.add(type) && type.isRecord()) {
      Arrays.stream(type.getRecordComponents())
          .forEach(component -> gather(component.getGenericType(), needed));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          100 a.A;100 a.B            | 100 stands after 100
          101 a.A;100 a.B            | 100 stands after 101
          99 a.A                     | expected "number class"
          099 a.A                    | 99 stands after 99
          100 a.A;101 a.A            | a.A stands twice
          100 a.A;101 retired a.A    | a.A stands twice
          100 gone a.A               | expected "number class"
          100                        | expected "number class"
          """)
  void refusesALineThatIsOutOfOrder(String lines, String why) {
    assertThatThrownBy(() -> KryoIds.parse(lines.replace(';', '\n'))).hasMessageContaining(why);
  }

  @Test
  void keepsTheNumberOfAClassThatIsGone() {
    var lines = KryoIds.parse("# first\n100 retired a.Gone\n\n101 java.lang.String\n");

    assertThat(lines)
        .containsExactly(
            new KryoIds.Line(100, "a.Gone", true),
            new KryoIds.Line(101, "java.lang.String", false));
  }

  @Test
  void saysWhichLineNamesNoClass() {
    assertThatThrownBy(() -> new KryoIds.Line(123, "a.Gone", false).type())
        .hasMessageContaining("line 123 names a.Gone, which does not exist; mark it retired");
  }
}
