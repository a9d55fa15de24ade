package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;

class StartCacheTest {
  private static final List<String> FLAGS =
      List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:-UsePerfData");
  private static final StartTraining TRAINING =
      new StartTraining(FLAGS, Greeting.class.getName(), List.of("you"), new byte[0]);

  @TempDir Path folder;
  private Path root;

  /** A program that uses a class of before Java 7, as workers do. */
  public static final class Greeting {
    private Greeting() {}

    /** Says something. */
    public static void main(String[] arguments) {
      var writer = new ClassWriter(0);
      System.out.println("hello " + arguments[0] + " " + writer.newUTF8("x"));
    }
  }

  @BeforeEach
  void choose() {
    root = folder.resolve("starts");
  }

  @Test
  void startsAProgramFromWhatWasLearntWithoutReadingItsJars() throws Exception {
    try (var classPath = trained()) {
      assertThat(classPath.degraded()).isEmpty();

      assertThat(run(classPath, List.of("-XX:AOTMode=on", "-Xlog:class+load")))
          .anyMatch(line -> line.startsWith("hello me"))
          .filteredOn(line -> line.contains("Greeting ") || line.contains("asm.ClassWriter "))
          .hasSize(2)
          .allMatch(line -> line.contains("shared objects file"));
    }
  }

  @Test
  void learnsOnceForTheSameJars() throws Exception {
    trained().close();
    FileTime learnt = Files.getLastModifiedTime(entry().resolve(StartCache.ARCHIVE));

    trained().close();

    assertThat(Files.getLastModifiedTime(entry().resolve(StartCache.ARCHIVE))).isEqualTo(learnt);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
    try (var files = Files.list(entry())) {
      assertThat(files)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void learnsAnewWhenAnArchiveIsDamaged() throws Exception {
    trained().close();
    Path archive = entry().resolve(StartCache.ARCHIVE);
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);

    try (var classPath = trained()) {
      assertThat(classPath.degraded()).isEmpty();
      assertThat(Files.readAllBytes(classPath.folder().resolve(StartCache.ARCHIVE)))
          .isNotEqualTo(bytes);
    }
  }

  @Test
  void takesNothingFromAFolderThatOthersMayWrite() throws Exception {
    trained().close();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));

    try (var classPath = trained()) {
      assertThat(classPath.degraded()).hasValueSatisfying(why -> assertThat(why).contains("0700"));
      assertThat(classPath.flagsAt("/app")).isEmpty();
      assertThat(run(classPath, List.of())).containsExactly("hello me 1");
    }
  }

  @Test
  void takesNothingFromAFolderOfSomebodyElse() throws Exception {
    trained().close();
    assumeTrue(Files.getAttribute(root, "unix:uid").equals(0), "only root gives folders away");
    Files.setAttribute(root, "unix:uid", 65_534);

    try (var classPath = trained()) {
      assertThat(classPath.degraded())
          .hasValueSatisfying(why -> assertThat(why).contains("our own"));
    }
  }

  @Test
  void knowsItsFoldersWhereTheUserHasNoName() {
    String name = System.getProperty("user.name");
    System.setProperty("user.name", "?");
    try {
      trained().close();
      try (var classPath = trained()) {
        assertThat(classPath.degraded()).isEmpty();
      }
    } finally {
      System.setProperty("user.name", name);
    }
  }

  @Test
  void takesWhatAnotherAgentLearntMeanwhile() throws Exception {
    trained().close();
    Path building = Files.createDirectory(root.resolve("building"));
    try (var files = Files.list(entry())) {
      for (Path file : files.toList()) {
        Files.copy(file, building.resolve(file.getFileName()));
      }
    }

    StartCache.keep(building, entry());

    assertThat(building).doesNotExist();
    assertThat(entry().resolve(StartCache.ARCHIVE)).exists();
  }

  @Test
  void doesNotTakeWhatIsInItsPlaceAndDamaged() throws Exception {
    trained().close();
    Files.write(entry().resolve(StartCache.ARCHIVE), new byte[] {1});
    Path building = Files.createDirectory(root.resolve("building"));

    assertThatThrownBy(() -> StartCache.keep(building, entry())).isInstanceOf(IOException.class);
    assertThat(building).exists();
  }

  @Test
  void aClassPathThatCannotBeFilledLeavesNothingBehind() {
    var filled = new ArrayList<Path>();

    assertThatThrownBy(
            () ->
                ClassPath.filled(
                    target -> {
                      filled.add(Files.writeString(target.resolve("0.jar"), "half"));
                      throw new IOException("the disk is full");
                    },
                    1))
        .hasRootCauseMessage("the disk is full");
    assertThat(filled)
        .singleElement()
        .satisfies(file -> assertThat(file.getParent()).doesNotExist());
  }

  @Test
  void startsSlowlyAndSaysSoWhenNothingCanBeLearnt() throws Exception {
    var broken = new StartTraining(FLAGS, "no.such.Program", List.of(), new byte[0]);

    try (var classPath = ClassPath.trained(new StartCache(root), broken, origins())) {
      assertThat(classPath.degraded())
          .hasValueSatisfying(why -> assertThat(why).contains("no.such.Program"));
      assertThat(run(classPath, List.of())).containsExactly("hello me 1");
    }
  }

  @Test
  void keepsNoMoreThanSix() throws Exception {
    trained().close();
    for (int i = 0; i < 8; i++) {
      Path old = Files.createDirectory(root.resolve("old" + i));
      Files.setLastModifiedTime(old, FileTime.from(Instant.ofEpochSecond(1_000 + i)));
    }
    OwnedFolder.deleteTree(entry());

    trained().close();

    try (var left = Files.list(root)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .hasSize(6)
          .contains("old7")
          .doesNotContain("old2");
    }
  }

  /** Java checks each class as it is defined: that its stack maps fit its instructions. */
  @Test
  void renewsOldClassesSoThatJavaTakesThem() throws Exception {
    Path origin =
        Path.of(ClassReader.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path renewed = folder.resolve("renewed.jar");

    Jar.rewritten(origin, renewed, RenewedClass::of);

    try (var jar = new ZipFile(renewed.toFile());
        var loader = new Definer()) {
      var classes = jar.stream().filter(StartCacheTest::isClass).toList();
      assertThat(classes).hasSizeGreaterThan(30);
      for (var entry : classes) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        assertThat(bytes[7]).as(entry.getName()).isEqualTo((byte) 55);
        loader.add(entry.getName(), bytes);
      }
      for (var entry : classes) {
        Class.forName(entry.getName().replace('/', '.').replace(".class", ""), true, loader);
      }
    }
  }

  private static boolean isClass(java.util.zip.ZipEntry entry) {
    return entry.getName().endsWith(".class") && !entry.getName().contains("module-info");
  }

  private static final class Definer extends ClassLoader implements AutoCloseable {
    private final java.util.Map<String, byte[]> files = new java.util.HashMap<>();

    Definer() {
      super(ClassLoader.getPlatformClassLoader());
    }

    void add(String name, byte[] bytes) {
      files.put(name.replace('/', '.').replace(".class", ""), bytes);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = files.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public void close() {
      files.clear();
    }
  }

  private ClassPath trained() {
    return ClassPath.trained(new StartCache(root), TRAINING, origins());
  }

  private static Class<?>[] origins() {
    return new Class<?>[] {Greeting.class, ClassReader.class};
  }

  private Path entry() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(path -> path.getFileName().toString().length() == 32)
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<String> run(ClassPath classPath, List<String> more) throws Exception {
    var flags = Stream.concat(FLAGS.stream(), more.stream()).toList();
    var program = new JavaProgram(classPath, flags, Greeting.class.getName(), List.of("me"));
    var limits = new ResourceLimits(4L << 30, 10_000, 256, 1 << 20);
    Process process = PlainProcess.here().start(program, limits, ControlGroup.none());
    process.getOutputStream().close();
    var lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }
}
