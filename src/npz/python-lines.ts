/**
 * Shell lines that run Python to mend a file that giallo refuses. giallo prints them for the user to paste. Most
 * rewrite one member of an archive (or an `.npy`) and leave the others as they are. Each writes a new file, which
 * replaces the old one when it is complete. The programs contain no single quotes, and text from files is passed as
 * arguments.
 */
import { shellLine } from '../escape.js';
import { maxNameBytes } from './names.js';

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
    besideFile,
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
 * filenames, unless the archive has an array `names` of as many.
 */
export function vectorsAsRowsLine(path: string, names: string): string {
  const program = [
    'import os,sys,numpy as n',
    'p,m=sys.argv[1:]',
    'a=n.load(p)',
    besideFile,
    'l=[k for k in a.files if k!=m]',
    'e=n.array([n.ravel(a[k]) for k in l])',
    's=a[m].ravel() if m in a.files else l',
    'n.savez_compressed(t,embeddings=e,filenames=n.array(s if len(s)==len(l) else l))',
    'os.replace(t,p)',
  ];
  return shellLine(['python3', '-c', program.join(';'), path, names]);
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
    ...replaceBeside,
    'l and print("left out: arrays of the shapes "+" ".join(l))',
  ];
  return shellLine(['python3', '-c', program.join(';'), path]);
}

/**
 * Saves names as plain text: names in a pickle, names with surrogates, which Python makes from bytes that are not UTF-8,
 * and numbers. Of a list, a tuple or a record, the first item is the name.
 */
export function namesAsTextLine(array: MendedArray): string {
  const program = [
    textOfBytes,
    textOfName,
    `h=lambda c:h(next(iter(c),"")) if n.iterable(c) and not isinstance(c,${text}) else g(c)`,
    'y=[h(c) for c in x.ravel()]',
    `max(map(len,y))>${maxNameBytes / 4} and sys.exit("a name has more than ${maxNameBytes / 4} characters: shorten it")`,
    'r={m:n.array(y)}',
  ];
  return mendingLine(array, program.join(';'));
}

/**
 * Saves Python objects as arrays. Rows of numbers stay as they are. Of a table (dicts, records, or rows of names and
 * vectors), the column of arrays becomes the vectors; if there is none, the columns of numbers do. A column of strings
 * becomes the filenames, if the archive has none. All other columns become arrays of their own.
 *
 * If all items of a dict are vectors, or rows of a table, its keys become the filenames. Several items of the shape
 * (1, n), as models return them, count as vectors as well. In all other cases each item becomes an array of its own.
 */
export function objectsAsArraysLine(array: MendedArray, hasNames: boolean): string {
  const program = [
    textOfBytes,
    textOfName,
    'd=x.item() if x.ndim<1 else x',
    // A sparse matrix.
    'd=d.toarray() if hasattr(d,"toarray") else d',
    'D=isinstance(d,dict)',
    'w=[n.shape(c) for c in d.values()] if D and not isinstance(next(iter(d.values()),()),(dict,tuple)) else []',
    'z=D and (all(len(s)<2 for s in w) or len(d)>1==len(set(w))==w[0][0]==n.prod(w[0][:-1]))',
    'x=list(d.values()) if z else [] if D else d',
    'N=getattr(getattr(x,"dtype",0),"names",None)',
    'y=x[0] if len(x) else []',
    'k=list(N or (y if isinstance(y,dict) else range(len(y)) if n.iterable(y) else []))',
    'w=[i for i in k if n.ndim(y[i])>0]',
    `s=sorted([i for i in k if isinstance(y[i],${text})],key=lambda i:not any(o in str(i).lower() for o in ("name","file","path")))`,
    'l=w or [i for i in k if isinstance(y[i],(float,n.floating)) or not N and i not in s]',
    'w[1:] and sys.exit("several columns may be the vectors: "+str(w))',
    'h=w or s or N or isinstance(y,dict)',
    'e=n.concatenate([n.array([n.ravel(c[i]) for c in x],"f4") for i in l],1) if h else n.array([n.array(c,"f4") for c in x])',
    'u=l if z or not v[0] else l+s[:1]',
    'r={g(i)+".npy":n.array(c) for i,c in d.items()} if D and not z else {**{str(i)+".npy":n.array([c[i] for c in x]) for i in k if h and i not in u},"embeddings.npy" if z else m:e}',
    'r.update({"filenames.npy":n.array([g(c) for c in (d if z else [c[s[0]] for c in x])])} if z or s and v[0] else {})',
  ];
  return mendingLine(array, program.join(';'), [hasNames ? '' : 'names']);
}

/**
 * Saves the fields `vectorFields` of records as vectors, `nameField`, if it is given, as the filenames, and each other
 * field as an array of its own.
 */
export function recordsAsArraysLine(
  array: MendedArray,
  vectorFields: readonly string[],
  nameField: string | undefined,
): string {
  const others = '{k+".npy":x[k] for k in x.dtype.names if k not in v}';
  const vectors = 'n.concatenate([x[k].reshape(len(x),-1) for k in v[1:]],1)';
  const program = `r={**${others},m:${vectors}};r.update({"filenames.npy":n.array(x[v[0]].tolist())} if v[0] else {})`;
  return mendingLine(array, program, [nameField ?? '', ...vectorFields]);
}

/** Python's name for the encoding of a text. `utf16` and `utf32` have a byte order mark. */
export type TextEncoding = 'latin1' | 'utf16' | 'utf-16-le' | 'utf-16-be' | 'utf32';

/** Writes a text file again as UTF-8. */
export function textAsUtf8Line(path: string, encoding: TextEncoding): string {
  const program = [
    'import os,sys',
    'p,e=sys.argv[1:]',
    's=open(p,encoding=e,newline="").read()',
    besideFile,
    'f=open(t,"w",encoding="utf8",newline="")',
    'f.write(s)',
    'f.close()',
    'os.replace(t,p)',
  ];
  return shellLine(['python3', '-c', program.join(';'), path, encoding]);
}

/** Python that sets `t`: a temporary file beside `p`, whose name is short, and hidden from giallo. */
const besideFile = 't=os.path.join(os.path.dirname(p),".%d.npz"%os.getpid())';

/** The types that are text in Python. */
const text = '(str,bytes,os.PathLike)';

/** Python that lets older versions of numpy load pickles of numpy 2; its type of strings becomes objects. */
const numpy2Names =
  'hasattr(n,"_core") or (sys.modules.update({"numpy._core"+k:sys.modules["numpy.core"+k] for k in ("",".multiarray",".numeric","._internal")}),setattr(n.core._internal,"_convert_to_stringdtype_kwargs",lambda *c:n.dtype(object)))';

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
    numpy2Names,
    'x=n.load(io.BytesIO(a.read(m)),allow_pickle=True)',
    program,
    besideFile,
    'b=Z.ZipFile(t,"w",8)',
    '[b.writestr(k,a.read(k)) for k in dict.fromkeys(a.namelist()) if k!=m and k not in r]',
    '[(o:=io.BytesIO(),n.save(o,y),b.writestr(k,o.getvalue())) for k,y in r.items()]',
    'b.close()',
    'os.replace(t,p)',
  ];
}

/**
 * Vectors alone replace the `.npy`. Other arrays become an `.npz` beside it, which giallo then reads instead of it in a
 * collection.
 */
function inArrayFile(program: string): string[] {
  return [
    'import os,sys,numpy as n',
    'p,m,*v=sys.argv[1:]',
    numpy2Names,
    'x=n.load(p,allow_pickle=True)',
    program,
    ...besideArrayFile('[*r]!=[m]'),
    'n.savez_compressed(t,**{k[:-4]:y for k,y in r.items()}) if q!=p else n.save(open(t,"wb"),r[m])',
    ...replaceBeside,
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
    besideFile,
  ];
}

const replaceBeside = ['os.replace(t,q)', 'q!=p and print("saved as "+q)'];
