package xyz.openledger.nodes.sandbox;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Class files of before Java 7, written anew for Java 11 with the stack maps that they lack: Java's
 * start archives take no older ones, nor whatever refers to one. The instructions stay the same.
 */
final class RenewedClass {
  private static final int MAJOR_OFFSET = 6;
  private static final int MAJOR_JAVA_7 = 51;

  private RenewedClass() {}

  /** The class file anew, or the same if it is new enough. */
  static byte[] of(byte[] file) {
    int major = ByteBuffer.wrap(file).getChar(MAJOR_OFFSET);
    if (major >= MAJOR_JAVA_7) {
      return file;
    }
    var writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    new ClassReader(file).accept(new Renewal(writer), ClassReader.SKIP_FRAMES);
    return writer.toByteArray();
  }

  private static final class Renewal extends ClassVisitor {
    Renewal(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String parent,
        String @Nullable [] interfaces) {
      super.visit(Opcodes.V11, access, name, signature, parent, interfaces);
    }
  }
}
