package xyz.openledger.cluster.planted;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The program that runs tests against planted bugs, in a process of its own: one run after the
 * other, each with the product's classes loaded anew.
 *
 * <p>Reads a {@link Run} a line from its first argument, and writes a {@link Verdict} a line to its
 * second. A run that goes on for too long ends the program, so its verdict is missing.
 */
public final class PlantedRuns {
  private static final Duration RUN_MAX = Duration.ofMinutes(2);

  private PlantedRuns() {}

  /** Runs what stands in the file. */
  public static void main(String[] arguments) throws IOException {
    Path verdicts = Path.of(arguments[1]);
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      Run run = Run.parse(line);
      Thread watch = watch(run);
      Verdict verdict = verdict(run);
      watch.interrupt();
      Files.writeString(verdicts, verdict.line() + "\n", CREATE, APPEND);
    }
    // Whatever threads the tests have left behind.
    System.exit(0);
  }

  private static Thread watch(Run run) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(RUN_MAX);
                System.err.println("'" + run.name() + "' does not end");
                Runtime.getRuntime().halt(1);
              } catch (InterruptedException ended) {
                // In time.
              }
            });
  }

  private static Verdict verdict(Run run) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try (var product = new ProductFirst(run.classPath(), usual)) {
      thread.setContextClassLoader(product);
      var summary = new SummaryGeneratingListener();
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(run.tests().stream().map(PlantedRuns::selector).toList())
                  .filters(EngineFilter.includeEngines("junit-jupiter"))
                  .build(),
              summary);
      return verdict(run, summary.getSummary());
    } finally {
      thread.setContextClassLoader(usual);
    }
  }

  private static DiscoverySelector selector(String test) {
    return test.contains("#")
        ? DiscoverySelectors.selectMethod(test)
        : DiscoverySelectors.selectClass(test);
  }

  private static Verdict verdict(Run run, TestExecutionSummary summary) {
    List<TestExecutionSummary.Failure> failures = summary.getFailures();
    boolean broken =
        failures.stream()
            .map(TestExecutionSummary.Failure::getException)
            .anyMatch(PlantedRuns::isOfClasses);
    String detail =
        failures.isEmpty()
            ? ""
            : failures.getFirst().getTestIdentifier().getDisplayName()
                + ": "
                + failures.getFirst().getException();
    return new Verdict(
        run.name(),
        summary.getTestsSucceededCount(),
        summary.getTotalFailureCount(),
        broken,
        detail.replaceAll("\\s+", " "));
  }

  private static boolean isOfClasses(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LinkageError || cause instanceof ClassNotFoundException) {
        return true;
      }
    }
    return false;
  }

  /** Loads the product's classes itself, and leaves libraries to its parent. */
  private static final class ProductFirst extends URLClassLoader {
    ProductFirst(List<Path> classPath, ClassLoader libraries) {
      super(classPath.stream().map(ProductFirst::url).toArray(URL[]::new), libraries);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("xyz.openledger.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    private static URL url(Path path) {
      try {
        return path.toUri().toURL();
      } catch (MalformedURLException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
