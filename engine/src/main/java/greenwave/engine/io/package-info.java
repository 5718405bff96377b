/** Files that other tools read and write. */
package greenwave.engine.io;
