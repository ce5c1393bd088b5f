/**
 * Shell lines that run Python to mend a file that giallo refuses. giallo prints them for the user to paste. Most
 * rewrite one member of an archive (or an `.npy`) and leave the others as they are. Each writes a new file, which
 * replaces the old one when it is complete. The programs contain no single quotes, and text from files is passed as
 * arguments.
 */
import { shellLine } from '../escape.js';

/** The array that a line mends. `member` is its name in the archive; it is null if the file is an `.npy`. */
interface MendedArray {
  readonly path: string;
  readonly member: string | null;
}

/**
 * Writes the members of an archive again, compressed as numpy does. Of members with the same name, the last is kept; of
 * `x` and `x.npy`, `x`.
 */
export function packAgainLine(path: string): string {
  const program = [
    'import os,sys,zipfile as Z',
    'p=sys.argv[1]',
    't=p+".tmp"',
    'a=Z.ZipFile(p)',
    'b=Z.ZipFile(t,"w",8)',
    'l=a.namelist()',
    '[b.writestr(k,a.read(k)) for k in dict.fromkeys(l) if k[-4:]!=".npy" or k[:-4] not in l]',
    'b.close()',
    'os.replace(t,p)',
  ];
  return shellLine(['python3', '-c', program.join(';'), path]);
}

/**
 * Saves the arrays of an archive, each of which is a vector, as the rows of one array. Their names become the
 * filenames.
 */
export function vectorsAsRowsLine(path: string): string {
  const program = [
    'import os,sys,numpy as n',
    'p=sys.argv[1]',
    'a=n.load(p)',
    't=p+".tmp.npz"',
    'n.savez_compressed(t,embeddings=n.array([n.ravel(a[k]) for k in a.files]),filenames=n.array(a.files))',
    'os.replace(t,p)',
  ];
  return shellLine(['python3', '-c', program.join(';'), path]);
}

/**
 * Joins arrays that were saved one after another into one `.npy`. The vectors are the rows of the tables of numbers,
 * and single rows as wide as a table; if there is no table, all single rows. The line prints which other arrays it
 * leaves out. If there are arrays of strings, they become the filenames, and the line writes an `.npz` beside the
 * `.npy`, which giallo then reads instead; without strings it replaces the `.npy`.
 */
export function joinArraysLine(path: string): string {
  const program = [
    'import os,sys,numpy as n',
    'p=sys.argv[1]',
    'f=open(p,"rb")',
    'x=[]',
    '[x.append(n.load(f)) for _ in iter(lambda:f.tell()<os.path.getsize(p),False)]',
    'v,s=[[a for a in x if a.dtype.kind in k] for k in ("biuf","US")]',
    'w=[a.shape[-1] for a in v if a.ndim>1]',
    'v=[a for a in v if a.ndim and a.shape[-1] in (w or a.shape)]',
    'l=[str(a.shape) for a in x if not any(a is b for b in v+s)]',
    'e=n.concatenate([n.atleast_2d(a) for a in v])',
    's=n.concatenate([a.ravel() for a in s]) if s else s',
    'len(s) not in (0,len(e)) and sys.exit("%d names for %d vectors"%(len(s),len(e)))',
    ...besideArrayFile('len(s)'),
    'n.savez_compressed(t,embeddings=e,filenames=s) if len(s) else n.save(open(t,"wb"),e)',
    'os.replace(t,q)',
    'l and print("left out: arrays of the shapes "+" ".join(l))',
  ];
  return shellLine(['python3', '-c', program.join(';'), path]);
}

/**
 * Saves names as plain text: names in a pickle, and names with surrogates, which Python makes from bytes that are not
 * UTF-8.
 */
export function namesAsTextLine(array: MendedArray): string {
  const program = `${textOfBytes};${textOfName};r={m:n.array([g(c) for c in x.ravel()])}`;
  return mendingLine(array, program);
}

/**
 * Saves an array of objects. Rows of numbers stay as they are. Of a table (dicts, records, or rows of names and
 * vectors), the column of arrays becomes the vectors; if there is none, the columns of numbers do. The first column of
 * strings becomes the filenames, if the archive has none.
 */
export function objectsAsArraysLine(array: MendedArray, hasNames: boolean): string {
  const program = [
    textOfBytes,
    textOfName,
    'y=x[0] if len(x) else []',
    't=(str,bytes,os.PathLike)',
    'k=list(x.dtype.names or (y if isinstance(y,dict) else range(len(y)) if n.iterable(y) else []))',
    'w=[i for i in k if n.ndim(y[i])>0]',
    's=[i for i in k if isinstance(y[i],t)]',
    'l=w or [i for i in k if isinstance(y[i],(float,n.floating)) or not x.dtype.names and i not in s]',
    'w[1:] and sys.exit("several columns may be the vectors: "+str(w))',
    'h=w or s or x.dtype.names or isinstance(y,dict)',
    'r={m:n.concatenate([n.array([n.ravel(c[i]) for c in x],"f4") for i in l],1) if h else n.array([n.array(c,"f4") for c in x])}',
    'r.update({"filenames.npy":n.array([g(c[s[0]]) for c in x])} if s and v[0] else {})',
  ];
  return mendingLine(array, program.join(';'), [hasNames ? '' : 'names']);
}

/**
 * Saves a dict as arrays. If all items are vectors, they become the rows of one array, and their keys become the
 * filenames. Several items of the shape (1, n), as models return them, count as vectors as well. In all other cases
 * each item becomes an array of its own.
 */
export function dictAsArraysLine(array: MendedArray): string {
  const arrays = '{k+".npy":n.array(c) for k,c in d.items()}';
  const vectors =
    '{"embeddings.npy":n.array([n.ravel(n.array(c,"f4")) for c in d.values()]),"filenames.npy":n.array([g(k) for k in d])}';
  const shapes = 'w=[n.shape(c) for c in d.values()]';
  const areVectors = 'all(len(s)<2 for s in w) or len(d)>1==len(set(w))==w[0][0]==n.prod(w[0][:-1])';
  const program = `${textOfBytes};${textOfName};d=x.item();${shapes};r=${vectors} if ${areVectors} else ${arrays}`;
  return mendingLine(array, program);
}

/** Saves the fields `vectorFields` of records as vectors, and `nameField`, if it is given, as the filenames. */
export function recordsAsArraysLine(
  array: MendedArray,
  vectorFields: readonly string[],
  nameField: string | undefined,
): string {
  const vectors = '{m:n.concatenate([x[k].reshape(len(x),-1) for k in v[1:]],1)}';
  const program = `r=${vectors};r.update({"filenames.npy":n.array(x[v[0]].tolist())} if v[0] else {})`;
  return mendingLine(array, program, [nameField ?? '', ...vectorFields]);
}

/** Python's name for the encoding of a text. `utf16` is UTF-16 with a byte order mark. */
export type TextEncoding = 'latin1' | 'utf16' | 'utf-16-le' | 'utf-16-be';

/** Writes a text file again as UTF-8. */
export function textAsUtf8Line(path: string, encoding: TextEncoding): string {
  const program = [
    'import sys',
    'p,e=sys.argv[1:]',
    's=open(p,encoding=e,newline="").read()',
    'open(p,"w",encoding="utf8",newline="").write(s)',
  ];
  return shellLine(['python3', '-c', program.join(';'), path, encoding]);
}

/** Python that decodes bytes as giallo does: as UTF-8, or as Latin-1 if they are not UTF-8. */
const textOfBytes =
  'f=lambda c:(lambda u:u if u.encode()==c else c.decode("latin1"))(c.decode("utf8","ignore"))';

/**
 * Python that makes text of a name. A surrogate that stands for a byte becomes the Latin-1 character of that byte;
 * other surrogates become escapes such as `\ud800`.
 */
const textOfName =
  'g=lambda c:f(c.rstrip(b"\\0")) if isinstance(c,bytes) else "".join(chr(ord(q)-56320) if 56448<=ord(q)<56576 else q for q in str(c)).encode("utf8","backslashreplace").decode()';

/**
 * The shell line for `program`, which finds the array in `x`, the name of its member in `m` and the arguments `more` in
 * `v`, and puts new members into a dict `r`.
 */
function mendingLine(array: MendedArray, program: string, more: readonly string[] = []): string {
  const { path, member } = array;
  const parts = member === null ? inArrayFile(program) : inArchive(program);
  return shellLine(['python3', '-c', parts.join(';'), path, member ?? 'embeddings.npy', ...more]);
}

function inArchive(program: string): string[] {
  return [
    'import io,os,sys,zipfile as Z,numpy as n',
    'p,m,*v=sys.argv[1:]',
    'a=Z.ZipFile(p)',
    'x=n.load(io.BytesIO(a.read(m)),allow_pickle=True)',
    program,
    't=p+".tmp"',
    'b=Z.ZipFile(t,"w",8)',
    '[b.writestr(k,a.read(k)) for k in dict.fromkeys(a.namelist()) if k!=m and k not in r]',
    '[(o:=io.BytesIO(),n.save(o,y),b.writestr(k,o.getvalue())) for k,y in r.items()]',
    'b.close()',
    'os.replace(t,p)',
  ];
}

/** A single array replaces the `.npy`. Several become an `.npz` beside it, which giallo then reads instead. */
function inArrayFile(program: string): string[] {
  return [
    'import os,sys,numpy as n',
    'p,m,*v=sys.argv[1:]',
    'x=n.load(p,allow_pickle=True)',
    program,
    ...besideArrayFile('len(r)>1'),
    'n.savez_compressed(t,**{k[:-4]:y for k,y in r.items()}) if len(r)>1 else n.save(open(t,"wb"),r[m])',
    'os.replace(t,q)',
  ];
}

/**
 * Sets `q`, the file to write (an `.npz` beside the `.npy` if `isArchive` is true in Python), and `t`, the temporary
 * file.
 */
function besideArrayFile(isArchive: string): string[] {
  return [
    `q=p[:-4]+".npz" if ${isArchive} else p`,
    'q!=p and os.path.exists(q) and sys.exit(q+": already exists")',
    't=p+".tmp.npz"',
  ];
}
